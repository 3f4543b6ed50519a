import { routeOf } from '../routes.js';
import { store } from './store.js';

/**
 * @typedef {object} PageProps
 * @property {Record<string, string>} params
 */

/** @typedef {(props: PageProps) => import('../library.js').VNode} Page */

/** What is shown: the page's component, and what its path says. Without one where there is no such page. */
export const current = store(
  /** @type {{ path: string, Page?: Page, params: Record<string, string> } | undefined} */ (undefined),
);

/** Loads the page that the address bar names. */
export async function showCurrent() {
  const path = location.pathname;
  const route = routeOf(path);
  if (!route) return current.set({ path, params: {} });
  try {
    const { Page } = await import(`../${route.module}`);
    if (location.pathname === path) current.set({ path, Page, params: route.params });
  } catch (error) {
    // The service has been renewed: what this page was loaded with is gone, and loading it again gets the new one.
    if (current.get() === undefined) throw error;
    location.reload();
  }
}

/**
 * @param {string} path
 * @param {{ replace?: boolean }} [options]
 */
export function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  void showCurrent();
}

/** Follows links within the pages without loading them anew, and the browser's own buttons. */
export function followLinks() {
  addEventListener('popstate', () => void showCurrent());
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || !routeOf(link.pathname)) return;
    if (link.pathname === location.pathname && link.hash !== '') return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
