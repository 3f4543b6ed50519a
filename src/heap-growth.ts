import { setFlagsFromString } from 'node:v8';

/** By how much more than what is in use the heap may grow before all of it is swept, in percent. */
const GROWTH = 200;

/**
 * Has the whole heap swept less often, for memory. Left to itself, V8 lets the heap of a process that keeps little of what it allocates grow
 * by a fifth at a time: at a hundred invitations a second it swept 50 MB every eight and a half seconds, by threads that take
 * two processors, and whoever was inviting just then waited for 50 to 100 ms.
 */
export function makeHeapRoomy(): void {
  growHeapBy(GROWTH);
}

/** @param percent by how much more than what is in use the heap of the process may grow before all of it is swept; zero leaves it to V8 */
export function growHeapBy(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/**
 * For a process of its own that builds tables, when it starts: how large the heap of young objects may grow, in MB, of which there are two.
 * Twice what V8 gives by itself: what is read and not yet folded is moved about half as often, for 30 MB.
 */
export const ROOM_FOR_YOUNG = '--max-semi-space-size=32';
