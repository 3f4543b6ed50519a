import { t } from '../app/i18n.js';
import { html } from '../library.js';
import { Menu } from './menu.js';

/**
 * Which workspace one is in, and the way to the others.
 *
 * @param {{ me: import('../app/session.js').Me, workspaceId?: string }} props
 */
export function WorkspaceMenu({ me: { workspaces }, workspaceId }) {
  const here = workspaces.find(({ id }) => id === workspaceId);
  return html`<${Menu}
    label=${here ? `${t('workspaces')}: ${here.name}` : t('workspaces')}
    kind="plain"
    face=${html`<span class="cut">${here?.name ?? t('workspaces')}</span><span class="chevron" aria-hidden="true"></span>`}
    items=${[
      ...workspaces.map(({ id, name }) => ({
        label: name,
        href: `/workspaces/${id}/users`,
        current: id === workspaceId,
      })),
      { label: html`<span aria-hidden="true">+ </span>${t('newWorkspace')}`, href: '/workspaces/new' },
    ]}
  />`;
}
