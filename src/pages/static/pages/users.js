import { t } from '../app/i18n.js';
import { useLive } from '../app/live.js';
import { usePeople } from '../app/people.js';
import { loadMe, me } from '../app/session.js';
import { isOpen, userActions } from '../app/user-actions.js';
import { useUsersQuery } from '../app/users-query.js';
import { html, useEffect, useMemo, useState } from '../library.js';
import { noticeProblem } from '../parts/notices.js';
import { Problem } from '../parts/problem.js';
import { BulkBar } from '../parts/users/bulk-bar.js';
import { CorrectAddress } from '../parts/users/correct-address.js';
import { NobodyHere } from '../parts/users/nobody-here.js';
import { UsersTable } from '../parts/users/table.js';
import { UsersToolbar } from '../parts/users/toolbar.js';
import { WorkspaceFrame } from '../parts/workspace-frame.js';

/** @typedef {import('../app/people.js').User} User */

const NOBODY = /** @type {ReadonlySet<string>} */ (new Set());

/** The users tab. @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId = '' } }) {
  const who = me.use();
  const [query, ask] = useUsersQuery();
  const { people, load, reload, put } = usePeople(workspaceId, query);
  const [selected, setSelected] = useState(NOBODY);
  const [correcting, setCorrecting] = useState(/** @type {User | undefined} */ (undefined));
  const connected = useLive(workspaceId, { user: put, reload: () => void reload() });
  const actions = useMemo(() => userActions(workspaceId, put), [workspaceId, put]);
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, [workspaceId]);

  const role = who?.workspaces.find(({ id }) => id === workspaceId)?.role;
  const mayInvite = role === 'owner' || role === 'administrator';
  const chosen = people.items.filter((user) => selected.has(user.id) && isOpen(user));
  /** @param {(users: readonly User[]) => Promise<unknown>} work */
  const withChosen = (work) => work(chosen).then((done) => done !== false && setSelected(NOBODY), noticeProblem);

  const showUnseen = () => {
    scrollTo({ top: 0 });
    void load();
  };

  const invite =
    mayInvite && html`<a class="button primary" href=${`/workspaces/${workspaceId}/invite`}>${t('users.invite')}</a>`;
  const isEmpty = people.items.length === 0 && !people.loading && people.problem === '';
  return html`<${WorkspaceFrame} workspaceId=${workspaceId} action=${invite}>
    <${UsersToolbar} query=${query} ask=${ask} counts=${people.counts} />
    <div class="status-line small quiet" role="status">
      ${people.counts && t('users.seats', { count: (people.counts['active'] ?? 0) + (people.counts['waiting'] ?? 0) })}
      ${!connected && html` · ${t('users.reconnecting')}`}
    </div>
    ${
      people.unseen.size > 0 &&
      html`<button type="button" class="unseen" onClick=${showUnseen}>${t('users.unseen', { count: people.unseen.size })}</button>`
    }
    ${
      isEmpty
        ? html`<${NobodyHere} query=${query} ask=${ask} action=${invite} />`
        : html`<${UsersTable} people=${people} query=${query} ask=${ask} selected=${selected} select=${setSelected}
            viewer=${{ id: who?.account.id ?? '', role }} actions=${actions} correct=${setCorrecting} />`
    }
    <${Problem} text=${people.problem} />
    ${people.problem && html`<button type="button" onClick=${() => load()}>${t('retry')}</button>`}
    ${
      people.nextCursor &&
      !people.problem &&
      html`<${LoadMore} busy=${people.loading} load=${() => load(people.nextCursor)} />`
    }
    ${
      selected.size > 0 &&
      html`<${BulkBar} count=${chosen.length} clear=${() => setSelected(NOBODY)}
        resend=${() => withChosen(actions.resendAll)} remove=${() => withChosen(actions.revokeAll)} />`
    }
    ${correcting && html`<${CorrectAddress} user=${correcting} actions=${actions} close=${() => setCorrecting(undefined)} />`}
  <//>`;
}

/**
 * Loads the next page when it is scrolled to, or on a click.
 *
 * @param {{ busy: boolean, load: () => void }} props
 */
function LoadMore({ busy, load }) {
  const [button, setButton] = useState(/** @type {Element | null} */ (null));
  useEffect(() => {
    if (!button || busy) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), { rootMargin: '600px' });
    observer.observe(button);
    return () => observer.disconnect();
  }, [button, busy]);
  return html`<button type="button" class="load-more" ref=${setButton} disabled=${busy} onClick=${load}>
    ${busy ? t('loading') : t('users.loadMore')}
  </button>`;
}
