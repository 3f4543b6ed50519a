import { GROUPS } from '../../app/history-groups.js';
import { t } from '../../app/i18n.js';
import { dayOf } from '../../app/instants.js';
import { html, useRef } from '../../library.js';
import { Search } from '../search.js';

/** @typedef {import('../../app/history-query.js').HistoryQuery} HistoryQuery */
/** @typedef {import('../../app/history-groups.js').Group} Group */

const NAMES = /** @type {readonly Group[]} */ (Object.keys(GROUPS));

/**
 * @param {{ query: HistoryQuery, ask: (change: Partial<HistoryQuery>) => void,
 *   names: { actor: string, subject: string } }} props names: of the people that the history is narrowed down to
 */
export function HistoryFilters({ query, ask, names }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  /** @param {'actor' | 'subject'} which */
  const remove = (which) => {
    ask({ [which]: '' });
    // The button that was pressed is gone: the focus stays among the filters.
    bar.current?.querySelector('input')?.focus();
  };
  return html`<div class="toolbar history-filters" ref=${bar}>
    <${Search} label=${t('history.search')} value=${query.text} search=${(/** @type {string} */ text) => ask({ text })} />
    <div class="days">
      <${Day} label=${t('history.from')} value=${query.from} choose=${(/** @type {string} */ from) => ask({ from })} />
      <${Day} label=${t('history.to')} value=${query.to} choose=${(/** @type {string} */ to) => ask({ to })} />
    </div>
    <div class="filters" role="group" aria-label=${t('history.kind')}>
      ${['', ...NAMES].map(
        (group) => html`<button type="button" key=${group} aria-pressed=${String(query.group === group)}
          onClick=${() => ask({ group })}>${group === '' ? t('history.all') : t(`history.group.${/** @type {Group} */ (group)}`)}</button>`,
      )}
    </div>
    ${
      (query.actor !== '' || query.subject !== '') &&
      html`<ul class="filter-chips">
        ${query.actor && html`<${Chip} label=${t('history.by', { who: names.actor })} remove=${() => remove('actor')} />`}
        ${query.subject && html`<${Chip} label=${t('history.about', { who: names.subject })} remove=${() => remove('subject')} />`}
      </ul>`
    }
  </div>`;
}

/** @param {{ label: string, value: string, choose: (day: string) => void }} props */
function Day({ label, value, choose }) {
  return html`<label class="day"><span class="small quiet">${label}</span>
    <input type="date" max=${dayOf(new Date())} value=${value} onInput=${(/** @type {Event} */ event) =>
      choose(/** @type {HTMLInputElement} */ (event.currentTarget).value)} /></label>`;
}

/** @param {{ label: string, remove: () => void }} props */
function Chip({ label, remove }) {
  return html`<li class="filter-chip">
    <span>${label}</span>
    <button type="button" class="icon-button" aria-label=${t('history.removeFilter', { filter: label })} onClick=${remove}>×</button>
  </li>`;
}
