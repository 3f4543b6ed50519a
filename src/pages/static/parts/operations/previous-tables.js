import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { confirm } from '../confirm.js';

/**
 * Something that is done with a projection, and what is said of it afterwards.
 *
 * @typedef {object} Deed
 * @property {string} operation
 * @property {object} body
 * @property {'ops.rebuilt' | 'ops.wentBack' | 'ops.dropped'} done
 * @property {'ops.rebuildFailed' | 'ops.failed'} failed
 */

/**
 * The tables of before the last switch: they can be put back, or dropped.
 *
 * @param {{ name: string, version: number, busy: boolean, act: (deed: Deed) => Promise<unknown> }} props
 */
export function PreviousTables({ name, version, busy, act }) {
  const goBack = async () => {
    if (!(await confirm({ title: t('ops.back'), text: t('ops.backSure', { name }), action: t('ops.back') }))) return;
    await act({ operation: 'switch', body: { back: true }, done: 'ops.wentBack', failed: 'ops.failed' });
  };
  const drop = async () => {
    if (!(await confirm({ title: t('ops.drop'), text: t('ops.dropSure', { name }), action: t('ops.drop') }))) return;
    await act({ operation: 'drop', body: { tables: 'previous' }, done: 'ops.dropped', failed: 'ops.failed' });
  };
  return html`<div class="previous">
    <p class="small">${t('ops.previous', { version })}</p>
    <div class="actions">
      <button type="button" disabled=${busy} aria-label=${t('ops.backNamed', { name })} onClick=${() => void goBack()}>${t('ops.back')}</button>
      <button type="button" disabled=${busy} aria-label=${t('ops.dropNamed', { name })} onClick=${() => void drop()}>${t('ops.drop')}</button>
    </div>
  </div>`;
}
