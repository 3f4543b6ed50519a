import { ApiProblem, problemText } from '../app/api.js';
import { t } from '../app/i18n.js';
import { online } from '../app/online.js';
import { html, useEffect, useRef } from '../library.js';

/**
 * Stands where a list would that could not be had: why, and another try. What failed for want of a network is tried again
 * as soon as there is one.
 *
 * @param {{ error: unknown, retry: () => void }} props
 */
export function Failed({ error, retry }) {
  const isOffline = error instanceof ApiProblem && error.code === 'offline';
  const isOnline = online.use();
  const wasOnline = useRef(isOnline);
  useEffect(() => {
    if (isOffline && isOnline && !wasOnline.current) retry();
    wasOnline.current = isOnline;
  }, [isOnline]);
  const clicked = () => {
    // The button goes, and takes the focus with it.
    document.getElementById('main')?.focus({ preventScroll: true });
    retry();
  };
  return html`<section class="empty failed">
    <div role="alert">
      <h2>${t(isOffline ? 'noConnectionTitle' : 'failedTitle')}</h2>
      <p class="quiet">${problemText(error)}</p>
    </div>
    <button type="button" onClick=${clicked}>${t('retry')}</button>
  </section>`;
}
