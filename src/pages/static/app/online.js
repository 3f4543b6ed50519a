import { store } from './store.js';

/** Whether what a page follows can be reached; false only some time after the connection was lost. */
export const reachable = store(true);

/** Whether the browser has a network at all. */
export const online = store(navigator.onLine);

addEventListener('online', () => online.set(true));
addEventListener('offline', () => online.set(false));
