/** Has nothing to decompose; most names and addresses are such. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * Text as it is searched and sorted by: case and accents do not count ("José" is found as "jose"). Decomposed by NFKD,
 * without the combining marks, lower-cased.
 */
export function searchText(...parts: readonly (string | null)[]): string {
  const text = parts.filter((part) => part !== null).join(' ');
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The pattern of LIKE that what contains a text matches, whatever signs are in it. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
