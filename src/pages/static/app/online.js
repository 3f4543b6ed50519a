import { store } from './store.js';

/** Whether the browser has a network at all. */
export const online = store(navigator.onLine);

addEventListener('online', () => online.set(true));
addEventListener('offline', () => online.set(false));
