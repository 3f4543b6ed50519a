import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { Heading } from '../heading.js';

/** Who invites whom, into what, as what. @param {{ invitation: import('../../pages/accept.js').Invitation }} props */
export function InvitationHeading({ invitation: { workspace, inviter, email, role } }) {
  const title = inviter.name
    ? t('accept.invitedBy', { inviter: inviter.name, workspace: workspace.name })
    : t('accept.invited', { workspace: workspace.name });
  return html`
    <${Heading} title=${title} />
    <dl class="facts">
      <dt>${t('accept.as')}</dt><dd><strong>${t(role)}</strong>${role !== 'owner' && html`<br /><span class="quiet">${t(`invite.${role}Text`)}</span>`}</dd>
      <dt>${t('accept.for')}</dt><dd>${email}</dd>
    </dl>
  `;
}
