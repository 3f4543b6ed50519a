import { t } from '../../app/i18n.js';
import { html } from '../../library.js';

/**
 * What has come since the list was loaded: said to a screen reader where it is shown already, else a button that shows it.
 *
 * @param {{ list: import('../../app/use-list.js').List<unknown>, connected: boolean, show: () => void }} props
 */
export function Arrivals({ list: { arrived, unseen }, connected, show }) {
  const { count, isMore } = unseen;
  const offer = count > 0 ? t(isMore ? 'history.unseenMany' : 'history.unseen', { count }) : '';
  const open = () => {
    scrollTo({ top: 0 });
    // The button goes: what has the focus must not go with it.
    document.getElementById('main')?.focus({ preventScroll: true });
    show();
  };
  return html`<div class="arrivals">
    <div role="status">
      <span class="hidden-text">${offer || (arrived > 0 && t('history.arrived', { count: arrived }))}</span>
      ${!connected && html`<span class="reconnecting small quiet">${t('users.reconnecting')}</span>`}
    </div>
    ${offer && html`<button type="button" class="unseen" onClick=${open}>${offer}</button>`}
  </div>`;
}
