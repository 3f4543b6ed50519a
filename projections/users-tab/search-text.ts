/**
 * Text as it is searched and sorted by: case and accents do not count ("José" is found as "jose"). Decomposed by NFKD,
 * without the combining marks, lower-cased.
 */
export function searchText(...parts: readonly (string | null)[]): string {
  return parts
    .filter((part) => part !== null)
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
}
