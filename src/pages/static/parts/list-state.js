import { html } from '../library.js';
import { Failed } from './failed.js';
import { Skeleton } from './skeleton.js';

/**
 * A list, or what stands in its place while nothing is in it: that it is on its way, why it is not there, or that there is
 * nothing.
 *
 * @param {{ count: number, loading: boolean, error: unknown, retry: () => void, nothing: import('../library.js').Child,
 *   children?: import('../library.js').Child }} props
 */
export function ListState({ count, loading, error, retry, nothing, children }) {
  if (count > 0) return html`${children}`;
  if (loading) return html`<${Skeleton} />`;
  return error ? html`<${Failed} error=${error} retry=${retry} />` : html`${nothing}`;
}
