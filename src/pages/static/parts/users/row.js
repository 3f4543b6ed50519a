import { ago, dateTime, soon, t } from '../../app/i18n.js';
import { isOpen } from '../../app/user-actions.js';
import { html } from '../../library.js';
import { Avatar } from '../avatar.js';
import { Menu } from '../menu.js';
import { Delivery } from './delivery.js';
import { itemsFor } from './row-menu.js';

/** @typedef {import('../../app/people.js').User} User */

/**
 * @param {{ user: User, rowIndex: number, isSelected: boolean, toggle: (id: string) => void, viewer: import('./table.js').Viewer,
 *   actions: import('../../app/user-actions.js').UserActions | undefined, correct: (user: User) => void,
 *   open: (id: string) => void }} props
 */
export function UserRow({ user, rowIndex, isSelected, toggle, viewer, actions, correct, open }) {
  const { id, name, email, status, role } = user;
  const who = name ?? email;
  const mayAct = viewer.role === 'owner' || viewer.role === 'administrator';
  const items = itemsFor(user, viewer, { actions, correct, open });
  return html`<tr role="row" aria-rowindex=${rowIndex} class=${isSelected ? 'selected' : ''} data-user=${id}>
    ${
      mayAct &&
      html`<td role="cell" class="pick">
        ${
          isOpen(user) &&
          html`<input type="checkbox" aria-label=${t('users.select', { who })} checked=${isSelected} onChange=${() => toggle(id)} />`
        }
      </td>`
    }
    <th role="rowheader" scope="row" class="person">
      <${Avatar} name=${who} />
      <span class="names">
        <span class="called">
          <button type="button" class="person-button" onClick=${() => open(id)}><span class="cut">${who}</span></button>
          ${id === viewer.id && html`<span class="you">${t('users.you')}</span>`}
        </span>
        ${name && html`<span class="quiet small cut">${email}</span>`}
      </span>
    </th>
    <td role="cell" class="status">
      <span class=${`badge ${status}`}>${t(`users.status.${status}`)}</span>
      ${
        status === 'waiting' &&
        user.invitation &&
        html`<span class="small quiet expires" title=${dateTime(user.invitation.expiresAt)}>${t('users.expires', { when: soon(user.invitation.expiresAt) })}</span>`
      }
    </td>
    <td role="cell" class="delivery"><${Delivery} delivery=${user.delivery} /></td>
    <td role="cell" class="permission">${t(role)}</td>
    <td role="cell" class="invited"><${Invited} user=${user} /></td>
    <td role="cell" class="act">
      <${Menu} label=${t('users.actionsFor', { who })} kind="icon-button" face="⋯" items=${items} />
    </td>
  </tr>`;
}

/** @param {{ user: User }} props */
function Invited({ user: { invitation } }) {
  if (!invitation) return null;
  const { invitedAt, invitedBy, timesInvited, renewalRequestedAt } = invitation;
  return html`<time datetime=${invitedAt} title=${dateTime(invitedAt)}>${ago(invitedAt)}</time>
    ${invitedBy.name && html` <span class="quiet small">${t('users.by', { name: invitedBy.name })}</span>`}
    ${timesInvited > 1 && html` <span class="quiet small">${t('users.timesInvited', { count: timesInvited })}</span>`}
    ${renewalRequestedAt && html` <span class="small asked">${t('users.askedForLink', { when: ago(renewalRequestedAt) })}</span>`}`;
}
