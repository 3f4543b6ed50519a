import { ApiProblem, problemText } from '../app/api.js';
import { byDay, dayName } from '../app/days.js';
import { ANYTHING, filtersOf, isFiltered, useHistoryQuery } from '../app/history-query.js';
import { t } from '../app/i18n.js';
import { go } from '../app/router.js';
import { loadMe } from '../app/session.js';
import { useArrivals } from '../app/use-arrivals.js';
import { useList } from '../app/use-list.js';
import { html, useEffect, useState } from '../library.js';
import { Arrivals } from '../parts/history/arrivals.js';
import { AsOfPicker, usersAsOf } from '../parts/history/as-of.js';
import { Exports } from '../parts/history/exports.js';
import { HistoryFilters } from '../parts/history/filters.js';
import { HistoryRecord } from '../parts/history/record.js';
import { ListState } from '../parts/list-state.js';
import { LoadMore } from '../parts/load-more.js';
import { MessagePage } from '../parts/message-page.js';
import { noticeProblem } from '../parts/notices.js';
import { Problem } from '../parts/problem.js';
import { WorkspaceFrame } from '../parts/workspace-frame.js';

/** @typedef {import('../parts/history/record.js').AuditRecord} AuditRecord */

/** Who did what to whom, when, from where. @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId = '' } }) {
  const [query, ask] = useHistoryQuery();
  // Beside the records where there is room, and open; else before them, and closed.
  const [isWide] = useState(() => matchMedia('(min-width: 64rem)').matches);
  const { list, load, look } = useList(
    `/workspaces/${workspaceId}/audit-events?${filtersOf(query, { order: 'newest' })}`,
  );
  const isRefused = list.error instanceof ApiProblem && list.error.code === 'not-allowed';
  const { connected, heard } = useArrivals(workspaceId, look, !list.known || isRefused);
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, [workspaceId]);

  if (isRefused) {
    return html`<${MessagePage} title=${t('history.refusedTitle')} text=${t('history.refusedText')}>
      <a class="button primary" href=${`/workspaces/${workspaceId}/users`}>${t('history.toUsers')}</a>
    <//>`;
  }
  const records = /** @type {readonly AuditRecord[]} */ (list.items);
  const side =
    list.known && html`<${Side} workspaceId=${workspaceId} query=${query} heard=${heard} isOpen=${isWide} />`;
  return html`<${WorkspaceFrame} workspaceId=${workspaceId}>
    <div class="history">
      ${!isWide && side}
      <div class="history-main">
        <${HistoryFilters} query=${query} ask=${ask} names=${namesOf(query, records)} />
        <${Arrivals} list=${list} connected=${connected} show=${() => load()} />
        <${ListState} count=${records.length} loading=${list.loading} error=${list.error} retry=${() => load()}
          nothing=${html`<${Nothing} query=${query} ask=${ask} />`}>
          <${Days} records=${records} busy=${list.loading} workspaceId=${workspaceId} narrow=${ask} />
          <${Problem} text=${list.error ? problemText(list.error) : ''} />
          ${list.error && html`<button type="button" onClick=${() => load()}>${t('retry')}</button>`}
        <//>
        ${
          list.nextCursor &&
          !list.error &&
          html`<${LoadMore} busy=${list.loading} load=${() => load(list.nextCursor)} />`
        }
      </div>
      ${isWide && side}
    </div>
  <//>`;
}

/**
 * @param {{ records: readonly AuditRecord[], busy: boolean, workspaceId: string,
 *   narrow: (to: import('../parts/history/record.js').Narrowing) => void }} props
 */
function Days({ records, busy, workspaceId, narrow }) {
  return html`<div class="record-days" aria-busy=${String(busy)}>
    ${byDay(records).map(
      ({ day, items }) => html`<section key=${day} aria-labelledby=${`day-${day}`}>
        <h2 id=${`day-${day}`} class="day-name">${dayName(day)}</h2>
        <ol class="timeline">
          ${items.map((record) => html`<${HistoryRecord} key=${record.id} record=${record} workspaceId=${workspaceId} narrow=${narrow} />`)}
        </ol>
      </section>`,
    )}
  </div>`;
}

/**
 * @param {{ query: import('../app/history-query.js').HistoryQuery,
 *   ask: (change: Partial<import('../app/history-query.js').HistoryQuery>) => void }} props
 */
function Nothing({ query, ask }) {
  return html`<section class="empty">
    <h2>${t('history.noneTitle')}</h2>
    <p class="quiet">${t('history.noneText')}</p>
    ${isFiltered(query) && html`<button type="button" onClick=${() => ask(ANYTHING)}>${t('users.clearFilters')}</button>`}
  </section>`;
}

/**
 * What else there is to do with the history.
 *
 * @param {{ workspaceId: string, query: import('../app/history-query.js').HistoryQuery, heard: number, isOpen: boolean }} props
 *   heard: changes whenever there may be more
 */
function Side({ workspaceId, query, heard, isOpen }) {
  return html`<div class="history-side">
    <details class="card side-card" open=${isOpen}>
      <summary><h2>${t('asOf.title')}</h2></summary>
      <p class="small quiet">${t('asOf.text')}</p>
      <${AsOfPicker} choose=${(/** @type {string} */ instant) => go(usersAsOf(workspaceId, instant))} />
    </details>
    <details class="card side-card" open=${isOpen}>
      <summary><h2>${t('export.title')}</h2></summary>
      <${Exports} workspaceId=${workspaceId} query=${query} heard=${heard} />
    </details>
  </div>`;
}

/**
 * What the people are called whom the history is narrowed down to: as the records have them.
 *
 * @param {import('../app/history-query.js').HistoryQuery} query
 * @param {readonly AuditRecord[]} records
 */
function namesOf({ actor, subject }, records) {
  const by = records.find((record) => record.actor?.id === actor)?.actor;
  const about = records.find((record) => record.subject?.userId === subject)?.subject;
  return {
    actor: by?.name ?? t('history.aPerson'),
    subject: about?.name ?? about?.email ?? t('history.aPerson'),
  };
}
