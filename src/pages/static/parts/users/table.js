import { blocksOf } from '../../app/blocks.js';
import { shown, t } from '../../app/i18n.js';
import { isOpen } from '../../app/user-actions.js';
import { html, useRef } from '../../library.js';
import { Block } from './block.js';
import { UserRow } from './row.js';

/** @typedef {import('../../app/people.js').User} User */
/** @typedef {{ id: string, role: import('../../app/session.js').Role | undefined }} Viewer */

/**
 * @typedef {object} TableProps
 * @property {import('../../app/people.js').People} people
 * @property {import('../../app/users-query.js').UsersQuery} query
 * @property {(change: Partial<import('../../app/users-query.js').UsersQuery>) => void} ask
 * @property {ReadonlySet<string>} selected
 * @property {(next: ReadonlySet<string>) => void} select
 * @property {Viewer} viewer
 * @property {import('../../app/user-actions.js').UserActions | undefined} actions
 * @property {(user: User) => void} correct
 * @property {(id: string) => void} open shows the timeline of a person
 */

/**
 * The people, one row each, of whom only those are drawn that one is near. The roles are said again, for what is laid out
 * as a grid is no table to a screen reader.
 *
 * @param {TableProps} props
 */
export function UsersTable(props) {
  const { people, query, ask, selected, select, viewer } = props;
  const rowOf = useRowMemory(props);
  const blocks = useBlocks(people.items);
  const mayAct = viewer.role === 'owner' || viewer.role === 'administrator';
  const open = people.items.filter(isOpen);
  const isAll = open.length > 0 && open.every(({ id }) => selected.has(id));
  return html`<table role="table" class="users" aria-busy=${String(people.loading)} aria-label=${t('users.title')}
    aria-rowcount=${people.nextCursor ? -1 : people.items.length + HEAD}>
    <thead role="rowgroup">
      <tr role="row" aria-rowindex=${HEAD}>
        ${
          mayAct &&
          html`<td role="cell" class="pick">
            <label class="pick-all">
              <input type="checkbox" aria-label=${t('users.selectAll')} checked=${isAll} disabled=${open.length === 0}
                onChange=${() => select(isAll ? new Set() : new Set(open.map(({ id }) => id)))} />
              <span class="pick-all-text">${t('users.selectAll')}</span>
            </label>
          </td>`
        }
        <${SortHeader} name="name" label=${t('users.column.person')} query=${query} ask=${ask} />
        <th role="columnheader" scope="col">${t('users.column.status')}</th>
        <th role="columnheader" scope="col">${t('users.column.delivery')}</th>
        <th role="columnheader" scope="col">${t('users.column.permission')}</th>
        <${SortHeader} name="invitedAt" label=${t('users.column.invited')} query=${query} ask=${ask} />
        <th role="columnheader" scope="col"><span class="hidden-text">${t('users.column.actions')}</span></th>
      </tr>
    </thead>
    ${blocks.map(({ number, from, items }) => html`<${Block} key=${number} from=${from} users=${items} rowOf=${rowOf} />`)}
  </table>`;
}

/** Rows above the people. */
const HEAD = 1;

/**
 * The list in blocks that stay the same while people come before them.
 *
 * @param {readonly User[]} items
 */
function useBlocks(items) {
  const anchor = useRef('');
  if (!items.some(({ id }) => id === anchor.current)) anchor.current = items[0]?.id ?? '';
  return blocksOf(items, anchor.current);
}

/**
 * Draws each row, but only anew when something in it has changed: with thousands of rows, redrawing all for one would
 * be felt.
 *
 * @param {TableProps} props
 */
function useRowMemory({ selected, select, viewer, actions, correct, open }) {
  const memory = useRef(
    /** @type {WeakMap<User, { inputs: unknown[], row: import('../../library.js').VNode }>} */ (new WeakMap()),
  );
  const newest = useRef(selected);
  newest.current = selected;
  const { language } = shown.get();
  /** @param {string} id */
  const toggle = (id) => {
    const next = new Set(newest.current);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  return (/** @type {User} */ user, /** @type {number} */ place) => {
    const inputs = [place, selected.has(user.id), language, viewer.id, viewer.role, actions, open];
    const known = memory.current.get(user);
    if (known?.inputs.every((input, index) => input === inputs[index])) return known.row;
    const row = html`<${UserRow} key=${user.id} user=${user} rowIndex=${place + HEAD + 1} isSelected=${selected.has(user.id)} toggle=${toggle}
      viewer=${viewer} actions=${actions} correct=${correct} open=${open} />`;
    memory.current.set(user, { inputs, row });
    return row;
  };
}

/**
 * @param {{ name: string, label: string, query: import('../../app/users-query.js').UsersQuery,
 *   ask: TableProps['ask'] }} props
 */
function SortHeader({ name, label, query, ask }) {
  const isUp = query.sort === name;
  const isDown = query.sort === `-${name}`;
  const sorted = isUp ? 'ascending' : isDown ? 'descending' : undefined;
  return html`<th role="columnheader" scope="col" aria-sort=${sorted}>
    <button type="button" class="sort" onClick=${() => ask({ sort: isUp ? `-${name}` : name })}>
      ${label}<span aria-hidden="true">${isUp ? ' ↑' : isDown ? ' ↓' : ''}</span>
    </button>
  </th>`;
}
