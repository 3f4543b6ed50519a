import { useAddress } from './use-address.js';

/**
 * What a list is asked for, as texts. It stands in the address bar, so that it outlives a reload and can be passed on.
 *
 * @template {Readonly<Record<string, string>>} Q
 * @param {Q} usual what is asked where the address says nothing
 * @param {(query: Q) => Q} cleaned without what makes no sense, as people may write anything into an address
 * @returns {[Q, (change: Partial<Q>) => void]}
 */
export function useAddressQuery(usual, cleaned) {
  const [query, setQuery] = useAddress(() => {
    const given = new URLSearchParams(location.search);
    const read = Object.fromEntries(Object.keys(usual).map((name) => [name, given.get(name) ?? usual[name]]));
    return cleaned(/** @type {Q} */ (read));
  });
  return [
    query,
    (change) =>
      setQuery((before) => {
        const next = { ...before, ...change };
        history.replaceState(null, '', `${location.pathname}${searchOf(next, usual)}`);
        return next;
      }),
  ];
}

/**
 * What of a query is not as usual, as the search of an address.
 *
 * @template {Readonly<Record<string, string>>} Q
 * @param {Q} query
 * @param {Q} usual
 * @param {Record<string, string>} [more]
 */
export function searchOf(query, usual, more = {}) {
  const parameters = new URLSearchParams(more);
  for (const name of Object.keys(usual)) {
    const value = (query[name] ?? '').trim();
    if (value !== usual[name]) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
