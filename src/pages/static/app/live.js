import { useEffect, useRef, useState } from '../library.js';
import { reachable } from './online.js';
import { loadMe, putOutOf } from './session.js';

/** Milliseconds until a connection is tried again that the browser has given up. */
const AGAIN = 5_000;

/** Milliseconds without a connection after which what is shown may be out of date. */
const STALE = 5_000;

/**
 * Follows what changes in a workspace. The browser itself resumes a lost connection from the last event it had.
 *
 * @param {string} workspaceId
 * @param {{ reload: (isFirst: boolean) => void, refused?: () => void,
 *   user?: (user: import('./people.js').User, counts?: Record<string, number>) => void,
 *   workspace?: (workspace: { id: string, name: string }) => void }} handlers
 *   reload: what is shown may not be all; refused: it cannot be followed now; user: somebody's row as it is now; workspace: its new name
 * @param {{ path?: string, paused?: boolean }} [options] path: of the stream, below the workspace's
 * @returns {boolean} whether it is connected
 */
export function useLive(workspaceId, handlers, { path = 'changes', paused = false } = {}) {
  const [connected, setConnected] = useState(true);
  const newest = useRef(handlers);
  newest.current = handlers;

  useEffect(() => {
    if (paused) return;
    putOutOf.set('');
    let last = '';
    let ended = false;
    /** @type {EventSource | undefined} */
    let source;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let stale;

    const open = () => {
      source = new EventSource(
        `/v1/workspaces/${workspaceId}/${path}${last ? `?after=${encodeURIComponent(last)}` : ''}`,
      );
      source.addEventListener('user', ({ data, lastEventId }) => {
        last = lastEventId;
        const { user, counts } = JSON.parse(data);
        newest.current.user?.(user, counts);
      });
      source.addEventListener('workspace', ({ data, lastEventId }) => {
        last = lastEventId;
        newest.current.workspace?.(JSON.parse(data).workspace);
      });
      source.addEventListener('reload', ({ lastEventId }) => {
        last = lastEventId;
        newest.current.reload(false);
      });
      source.addEventListener('ready', ({ lastEventId }) => {
        // What happened between loading the list and here would be missed at the first connection.
        if (last === '') newest.current.reload(true);
        last = lastEventId || last;
        setConnected(true);
        clearTimeout(stale);
        stale = undefined;
        reachable.set(true);
      });
      source.addEventListener('end', ({ data }) => {
        ended = true;
        const { code } = JSON.parse(data);
        if (code === 'workspace-not-found' || code === 'not-allowed') source?.close();
        if (code === 'workspace-not-found') return putOutOf.set(workspaceId);
        // Asking for it tells that one may no longer see it.
        if (code === 'not-allowed') return newest.current.reload(false);
        // Where one has been signed out, asking who one is tells, and leads to where one belongs.
        loadMe().then(
          () => {
            ended = false;
          },
          () => source?.close(),
        );
      });
      source.onerror = () => {
        if (!ended) {
          setConnected(false);
          stale ??= setTimeout(() => reachable.set(false), STALE);
        }
        if (source?.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(open, AGAIN);
        // A refusal does not say why: who one is tells whether one is still in the workspace.
        if (!ended) loadMe().catch(() => {});
        newest.current.refused?.();
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      clearTimeout(stale);
      reachable.set(true);
      source?.close();
    };
  }, [workspaceId, path, paused]);
  return connected;
}
