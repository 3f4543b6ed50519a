import { t } from '../app/i18n.js';
import { me, putOutOf } from '../app/session.js';
import { html, useRef } from '../library.js';
import { Frame } from './frame.js';
import { Heading } from './heading.js';
import { MessagePage } from './message-page.js';

/** The tabs of a workspace: the end of their paths, the message that names them, and whose they are. */
const TABS = /** @type {const} */ ([
  { path: 'users', name: 'users.title', roles: ['owner', 'administrator', 'developer'] },
  { path: 'history', name: 'history.title', roles: ['owner', 'administrator'] },
  { path: 'settings', name: 'settings.title', roles: ['owner', 'administrator'] },
]);

/**
 * What stands around the pages of a workspace: its name, and its tabs.
 *
 * @param {{ workspaceId: string, action?: import('../library.js').Child, children?: import('../library.js').Child }} props
 */
export function WorkspaceFrame({ workspaceId, action, children }) {
  const who = me.use();
  // What was known before this page was opened may be older than the workspace.
  const before = useRef(who);
  const workspace = who?.workspaces.find(({ id }) => id === workspaceId);
  const isPutOut = putOutOf.use() === workspaceId;
  if (isPutOut || (who && !workspace && who !== before.current)) {
    return html`<${MessagePage} title=${t('noWorkspaceTitle')} text=${t(isPutOut ? 'putOutText' : 'problem.workspace-not-found')}>
      <a class="button primary" href="/">${t('goHome')}</a>
    <//>`;
  }
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
