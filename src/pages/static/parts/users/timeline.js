import { ApiProblem, ask, problemText } from '../../app/api.js';
import { t } from '../../app/i18n.js';
import { useList } from '../../app/use-list.js';
import { html, useEffect, useRef, useState } from '../../library.js';
import { Drawer } from '../drawer.js';
import { Problem } from '../problem.js';
import { TimelineEntry } from './timeline-entry.js';

/** @typedef {import('../../app/people.js').User} User */

/**
 * Everything that happened between a person and the workspace, the newest first.
 *
 * @param {{ workspaceId: string, userId: string, known: User | undefined, heard?: number, close: () => void }} props
 *   known: the person, where a list has them; heard: changes whenever something may have happened with them
 */
export function Timeline({ workspaceId, userId, known, heard = 0, close }) {
  const path = `/workspaces/${workspaceId}/users/${userId}`;
  const { list, load } = useList(`${path}/timeline?order=newest`);
  const user = useUser(path, known);
  const told = useRef(heard);
  useEffect(() => {
    if (told.current === heard) return;
    told.current = heard;
    void load();
  }, [heard, load]);

  const { nextCursor, loading, error, known: isKnown } = list;
  const entries = /** @type {readonly import('./timeline-entry.js').Entry[]} */ (list.items);
  const isUnknown = error instanceof ApiProblem && error.code === 'user-not-found';
  return html`<${Drawer} title=${user?.name ?? user?.email ?? t('timeline.title')} close=${close} head=${user && html`<${Person} user=${user} />`}>
    <ol class="timeline" aria-busy=${String(loading)} aria-label=${t('timeline.title')}>
      ${entries.map((entry) => html`<${TimelineEntry} key=${entry.id} entry=${entry} />`)}
    </ol>
    ${!isKnown && loading && html`<p class="quiet" role="status">${t('loading')}</p>`}
    <${Problem} text=${error ? problemText(error) : ''} />
    ${error && !isUnknown && html`<button type="button" onClick=${() => load()}>${t('retry')}</button>`}
    ${
      nextCursor &&
      !error &&
      html`<button type="button" class="load-more" disabled=${loading} onClick=${() => load(nextCursor)}>${t('timeline.earlier')}</button>`
    }
  <//>`;
}

/** @param {{ user: User }} props */
function Person({ user: { name, email, role, status } }) {
  return html`${name && html`<p class="quiet cut">${email}</p>`}
    <p class="small"><span class=${`badge ${status}`}>${t(`users.status.${status}`)}</span> <span class="quiet">${t(role)}</span></p>`;
}

/**
 * Who it is: whom a list has, else whom the REST interface knows.
 *
 * @param {string} path
 * @param {User | undefined} known
 */
function useUser(path, known) {
  const [found, setFound] = useState(/** @type {User | undefined} */ (undefined));
  useEffect(() => {
    if (known) return;
    const aborter = new AbortController();
    ask(/** @type {`GET /${string}`} */ (`GET ${path}`), { signal: aborter.signal }).then(setFound, () => {
      // The timeline says what is wrong.
    });
    return () => aborter.abort();
  }, [path, known]);
  return known ?? found;
}
