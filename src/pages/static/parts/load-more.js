import { t } from '../app/i18n.js';
import { html, useEffect, useState } from '../library.js';

/**
 * Loads the next page of a list when it is scrolled to, or on a click.
 *
 * @param {{ busy: boolean, load: () => void }} props
 */
export function LoadMore({ busy, load }) {
  const [button, setButton] = useState(/** @type {Element | null} */ (null));
  useEffect(() => {
    if (!button || busy) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), { rootMargin: '600px' });
    observer.observe(button);
    return () => observer.disconnect();
  }, [button, busy]);
  return html`<button type="button" class="load-more" ref=${setButton} disabled=${busy} onClick=${load}>
    ${busy ? t('loading') : t('users.loadMore')}
  </button>`;
}
