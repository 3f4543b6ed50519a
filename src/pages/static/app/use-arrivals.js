import { useMemo, useRef, useState } from '../library.js';
import { useLive } from './live.js';
import { paced } from './paced.js';
import { loadMe } from './session.js';

/** Milliseconds between two looks at what is new, however much happens. */
const PAUSE = 1_000;

/**
 * Looks at an audit history anew whenever there may be more of it, and at what the workspace is called, which may be part of that.
 *
 * @param {string} workspaceId
 * @param {(isBeingRead: () => boolean) => Promise<void>} look
 * @param {boolean} paused
 * @returns {{ connected: boolean, heard: number }} heard: changes whenever there may be more
 */
export function useArrivals(workspaceId, look, paused) {
  const [heard, setHeard] = useState(0);
  const newest = useRef(look);
  newest.current = look;
  const see = useMemo(
    () =>
      paced(async () => {
        await Promise.all([newest.current(isBeingRead), loadMe().catch(() => {})]);
        setHeard((count) => count + 1);
      }, PAUSE),
    [],
  );
  const connected = useLive(workspaceId, { reload: see, refused: see }, { path: 'audit-events/changes', paused });
  return { connected, heard };
}

/** Whether somebody has scrolled into the records, opened one, or gone to one with the keyboard. */
function isBeingRead() {
  const records = document.querySelector('.record-days');
  if (!records) return false;
  return (
    records.getBoundingClientRect().top < 0 ||
    records.querySelector('details[open]') !== null ||
    records.contains(document.activeElement)
  );
}
