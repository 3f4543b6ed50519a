import { ask, problemText } from '../../app/api.js';
import { t } from '../../app/i18n.js';
import { html, useRef, useState } from '../../library.js';
import { Problem } from '../problem.js';

/**
 * Somebody of whom the users tab shows something else now than it did.
 *
 * @typedef {object} Change
 * @property {string} userId
 * @property {readonly ('status' | 'role' | 'name' | 'email')[]} changed
 * @property {Brief | null} before
 * @property {Brief} after
 */

/**
 * @typedef {object} Brief
 * @property {string} email
 * @property {string | null} name
 * @property {import('../../app/session.js').Role} role
 * @property {import('../../app/users-query.js').Status} status
 */

/**
 * What became of the people since an instant; asked for when somebody opens it.
 *
 * @param {{ workspaceId: string, from: string, open: (id: string) => void }} props open: shows the timeline of a person
 */
export function ChangesSince({ workspaceId, from, open }) {
  const [changes, setChanges] = useState(/** @type {readonly Change[]} */ ([]));
  const [next, setNext] = useState(/** @type {{ to?: string, cursor?: string, done: boolean }} */ ({ done: false }));
  const [problem, setProblem] = useState('');
  const busy = useRef(false);

  const load = async () => {
    if (busy.current) return;
    busy.current = true;
    setProblem('');
    const { to, cursor } = next;
    const query = new URLSearchParams({ from, ...(to ? { to } : {}), ...(cursor ? { cursor } : {}) });
    try {
      const page = await ask(`GET /workspaces/${workspaceId}/users/changes?${query}`);
      setChanges((before) => [...before, ...page.items]);
      setNext({ to: page.to, cursor: page.nextCursor, done: page.nextCursor === undefined });
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      busy.current = false;
    }
  };
  /** @param {Event} event */
  const toggled = ({ currentTarget }) => {
    const isOpen = /** @type {HTMLDetailsElement} */ (currentTarget).open;
    if (isOpen && changes.length === 0 && !next.done) void load();
  };

  return html`<details class="changes" onToggle=${toggled}>
    <summary>${t('changes.title')}</summary>
    ${next.done && changes.length === 0 && html`<p class="quiet">${t('changes.none')}</p>`}
    <ul>${changes.map((change) => html`<li key=${change.userId}><${OneChange} change=${change} open=${open} /></li>`)}</ul>
    <${Problem} text=${problem} />
    ${!next.done && next.cursor && html`<button type="button" onClick=${load}>${t('users.loadMore')}</button>`}
  </details>`;
}

/** @param {{ change: Change, open: (id: string) => void }} props */
function OneChange({ change: { userId, changed, before, after }, open }) {
  const who = after.name ?? after.email;
  return html`
    <button type="button" class="person-button" onClick=${() => open(userId)}><span class="cut">${who}</span></button>
    ${
      before
        ? changed.map(
            (what) =>
              html`<span class="change"><span class="quiet">${said(before, what)}</span> → ${said(after, what)}</span>`,
          )
        : html`<span class="change"><span class="quiet">${t('changes.new')}</span> → ${said(after, 'status')}, ${said(after, 'role')}</span>`
    }
  `;
}

/**
 * @param {Brief} brief
 * @param {Change['changed'][number]} what
 */
function said(brief, what) {
  if (what === 'status') return t(`users.status.${brief.status}`);
  return what === 'role' ? t(brief.role) : (brief[what] ?? '');
}
