import { usePeople } from '../../app/people.js';
import { me } from '../../app/session.js';
import { html } from '../../library.js';
import { ListState } from '../list-state.js';
import { WorkspaceFrame } from '../workspace-frame.js';
import { AsOfBanner } from './as-of-banner.js';
import { ChangesSince } from './changes-since.js';
import { NobodyHere } from './nobody-here.js';
import { Rest } from './rest.js';
import { UsersTable } from './table.js';
import { Timeline } from './timeline.js';
import { UsersToolbar } from './toolbar.js';

const NOBODY = /** @type {ReadonlySet<string>} */ (new Set());
const nothing = () => {};

/**
 * The users tab as it stood at an instant: to be looked at, and not to be changed.
 *
 * @param {{ workspaceId: string, query: import('../../app/users-query.js').UsersQuery,
 *   ask: (change: Partial<import('../../app/users-query.js').UsersQuery>) => void, person: string,
 *   open: (id: string) => void, close: () => void }} props
 */
export function UsersThen({ workspaceId, query, ask, person, open, close }) {
  const who = me.use();
  const { people, load } = usePeople(workspaceId, query);
  return html`<${WorkspaceFrame} workspaceId=${workspaceId}>
    <${AsOfBanner} asOf=${query.asOf} choose=${(/** @type {string} */ asOf) => ask({ asOf })}>
      <${ChangesSince} key=${query.asOf} workspaceId=${workspaceId} from=${query.asOf} open=${open} />
    <//>
    <${UsersToolbar} query=${query} ask=${ask} counts=${people.counts} />
    <${ListState} count=${people.items.length} loading=${people.loading} error=${people.error} retry=${() => load()}
      nothing=${html`<${NobodyHere} query=${query} ask=${ask} />`}>
      <${UsersTable} people=${people} query=${query} ask=${ask} selected=${NOBODY} select=${nothing}
        viewer=${{ id: who?.account.id ?? '', role: undefined }} correct=${nothing} open=${open} />
    <//>
    <${Rest} people=${people} load=${load} />
    ${person !== '' && html`<${Timeline} key=${person} workspaceId=${workspaceId} userId=${person} close=${close} />`}
  <//>`;
}
