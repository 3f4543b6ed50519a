import { t } from '../app/i18n.js';
import { me } from '../app/session.js';
import { html } from '../library.js';
import { Frame } from './frame.js';
import { Heading } from './heading.js';

/** The tabs of a workspace: the end of their paths, the message that names them, and whose they are. */
const TABS = /** @type {const} */ ([
  { path: 'users', name: 'users.title', roles: ['owner', 'administrator', 'developer'] },
]);

/**
 * What stands around the pages of a workspace: its name, and its tabs.
 *
 * @param {{ workspaceId: string, action?: import('../library.js').Child, children?: import('../library.js').Child }} props
 */
export function WorkspaceFrame({ workspaceId, action, children }) {
  const workspace = me.use()?.workspaces.find(({ id }) => id === workspaceId);
  const role = workspace?.role ?? 'developer';
  const tabs = TABS.filter(({ roles }) => /** @type {readonly string[]} */ (roles).includes(role));
  return html`<${Frame} workspaceId=${workspaceId}>
    <div class="page-head">
      <${Heading} title=${workspace?.name ?? t('loading')} />
      ${action}
    </div>
    <nav class="tabs" aria-label=${workspace?.name ?? t('loading')}>
      ${tabs.map(({ path, name }) => {
        const href = `/workspaces/${workspaceId}/${path}`;
        return html`<a href=${href} aria-current=${location.pathname === href ? 'page' : undefined}>${t(name)}</a>`;
      })}
    </nav>
    ${children}
  <//>`;
}
