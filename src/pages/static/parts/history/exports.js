import { ask, problemText } from '../../app/api.js';
import { filtersOf, isFiltered } from '../../app/history-query.js';
import { t } from '../../app/i18n.js';
import { toldHere } from '../../app/telling.js';
import { html, useEffect, useState } from '../../library.js';
import { notice, noticeProblem } from '../notices.js';
import { Problem } from '../problem.js';

/**
 * The history as files, and what proves the one that is whole.
 *
 * @param {{ workspaceId: string, query: import('../../app/history-query.js').HistoryQuery, heard: number }} props
 *   heard: changes whenever there may be more records
 */
export function Exports({ workspaceId, query, heard }) {
  const [head, setHead] = useState(/** @type {{ sequence: number, hash: string } | undefined} */ (undefined));
  const [problem, setProblem] = useState('');
  const events = `/workspaces/${workspaceId}/audit-events`;
  const look = () =>
    ask(/** @type {`GET /${string}`} */ (`GET ${events}/head`)).then(setHead, (error) =>
      setProblem(problemText(error)),
    );
  useEffect(() => {
    void look();
  }, [events, heard]);

  const table = toldHere(`/v1${events}/export?${filtersOf(query, { format: 'csv' })}`);
  const command = `npm run operate -- audit verify-export audit-${workspaceId}.ndjson --head ${head?.hash ?? ''}`;
  return html`
    <p class="small quiet">${t('export.text')}</p>
    ${
      head &&
      html`<p class="small quiet head-label">${t('export.head', { count: head.sequence })}</p>
        <div class="head"><code>${head.hash}</code>
          <button type="button" aria-label=${t('export.copyHash')} onClick=${() => copy(head.hash)}>${t('export.copy')}</button>
        </div>`
    }
    <${Problem} text=${problem} />
    <div class="downloads">
      <a class="button" download href=${`/v1${events}/export?format=ndjson`} onClick=${look}>${t('export.proof')}</a>
      <a class="button" download href=${table}>${t(isFiltered(query) ? 'export.tableFiltered' : 'export.table')}</a>
    </div>
    <details class="verify">
      <summary class="small">${t('export.verify')}</summary>
      <pre class="command" tabindex="0" aria-label=${t('export.command')}>${command}</pre>
    </details>
  `;
}

/** @param {string} hash */
function copy(hash) {
  navigator.clipboard.writeText(hash).then(() => notice(t('export.hashCopied')), noticeProblem);
}
