import { t } from '../app/i18n.js';
import { useLive } from '../app/live.js';
import { onDemand } from '../app/on-demand.js';
import { usePeople } from '../app/people.js';
import { heardOf, loadMe, me } from '../app/session.js';
import { usePerson } from '../app/use-person.js';
import { isOpen, userActions } from '../app/user-actions.js';
import { useUsersQuery } from '../app/users-query.js';
import { html, useEffect, useMemo, useState } from '../library.js';
import { ListState } from '../parts/list-state.js';
import { noticeProblem } from '../parts/notices.js';
import { NobodyHere } from '../parts/users/nobody-here.js';
import { ResendMany } from '../parts/users/resend-many.js';
import { Rest } from '../parts/users/rest.js';
import { UsersTable } from '../parts/users/table.js';
import { UsersToolbar } from '../parts/users/toolbar.js';
import { WorkspaceFrame } from '../parts/workspace-frame.js';

/** @typedef {import('../app/people.js').User} User */

const BulkBar = onDemand(
  async () => (await import('../parts/users/bulk-bar.js')).BulkBar,
  ({ clear }) => clear(),
);
const CorrectAddress = onDemand(
  async () => (await import('../parts/users/correct-address.js')).CorrectAddress,
  ({ close }) => close(),
);
const Timeline = onDemand(
  async () => (await import('../parts/users/timeline.js')).Timeline,
  ({ close }) => close(),
);
const UsersThen = onDemand(async () => (await import('../parts/users/users-then.js')).UsersThen);

const NOBODY = /** @type {ReadonlySet<string>} */ (new Set());

/** The users tab, as it stands or as it stood. @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId = '' } }) {
  const [query, ask] = useUsersQuery();
  const [person, open, close] = usePerson();
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, [workspaceId]);
  const shared = { workspaceId, query, ask, person, open, close };
  return query.asOf === '' ? html`<${UsersNow} ...${shared} />` : html`<${UsersThen} ...${shared} />`;
}

/**
 * @param {{ workspaceId: string, query: import('../app/users-query.js').UsersQuery,
 *   ask: (change: Partial<import('../app/users-query.js').UsersQuery>) => void, person: string,
 *   open: (id: string) => void, close: () => void }} props
 */
function UsersNow({ workspaceId, query, ask, person, open, close }) {
  const who = me.use();
  const { people, load, reload, put } = usePeople(workspaceId, query);
  const [selected, setSelected] = useState(NOBODY);
  const [correcting, setCorrecting] = useState(/** @type {User | undefined} */ (undefined));
  const [heard, setHeard] = useState(0);
  const hear = () => setHeard((count) => count + 1);
  const connected = useLive(workspaceId, {
    user: (user, counts) => {
      put(user, counts);
      if (user.id === person) hear();
      if (user.id === who?.account.id) heardOf(workspaceId, { role: user.role });
    },
    workspace: ({ id, name }) => heardOf(id, { name }),
    reload: (isFirst) => {
      void reload();
      hear();
      if (!isFirst) loadMe().catch(() => {});
    },
  });
  const actions = useMemo(() => userActions(workspaceId, put), [workspaceId, put]);

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
  return html`<${WorkspaceFrame} workspaceId=${workspaceId} action=${invite}>
    <${UsersToolbar} query=${query} ask=${ask} counts=${people.counts}>
      ${mayInvite && people.counts && html`<${ResendMany} workspaceId=${workspaceId} counts=${people.counts} />`}
    <//>
    <div class="status-line small quiet" role="status">
      ${[
        people.counts && t('users.seats', { count: (people.counts['active'] ?? 0) + (people.counts['waiting'] ?? 0) }),
        !connected && t('users.reconnecting'),
      ]
        .filter(Boolean)
        .join(' · ')}
    </div>
    ${
      people.unseen.size > 0 &&
      html`<button type="button" class="unseen" onClick=${showUnseen}>${t('users.unseen', { count: people.unseen.size })}</button>`
    }
    <${ListState} count=${people.items.length} loading=${people.loading} error=${people.error} retry=${() => load()}
      nothing=${html`<${NobodyHere} query=${query} ask=${ask} action=${invite} />`}>
      <${UsersTable} people=${people} query=${query} ask=${ask} selected=${selected} select=${setSelected}
        viewer=${{ id: who?.account.id ?? '', role }} actions=${actions} correct=${setCorrecting} open=${open} />
    <//>
    <${Rest} people=${people} load=${load} />
    ${
      selected.size > 0 &&
      html`<${BulkBar} count=${chosen.length} clear=${() => setSelected(NOBODY)}
        resend=${() => withChosen(actions.resendAll)} remove=${() => withChosen(actions.revokeAll)} />`
    }
    ${correcting && html`<${CorrectAddress} user=${correcting} actions=${actions} close=${() => setCorrecting(undefined)} />`}
    ${
      person !== '' &&
      html`<${Timeline} key=${person} workspaceId=${workspaceId} userId=${person} heard=${heard} close=${close}
        known=${people.items.find(({ id }) => id === person)} />`
    }
  <//>`;
}
