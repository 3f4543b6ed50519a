import type { Encoding } from './asset-files.js';

/** What of `offered` somebody likes best, by a header such as `pt-BR, pt;q=0.9, en;q=0.1` (RFC 9110, section 12.4.2). */
export function preferences(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => {
      const [value = '', ...parameters] = part.split(';').map((text) => text.trim());
      const weight = parameters.find((text) => /^q=/i.test(text));
      return { value: value.toLowerCase(), weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ value, weight }) => value !== '' && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ value }) => value);
}

/** The smallest form that a client takes. */
export function encodingFor(header: string | undefined): Encoding {
  const taken = preferences(header);
  if (taken.includes('br')) return 'br';
  return taken.includes('gzip') ? 'gzip' : 'identity';
}

/**
 * The language that a page is shown in: the one that was chosen on a page, else the first of the browser's that there
 * are words in, else the first there is.
 *
 * @param cookie the header, which the pages keep the chosen language in
 */
export function languageFor(
  languages: readonly string[],
  { cookie, acceptLanguage }: { readonly cookie?: string | undefined; readonly acceptLanguage?: string | undefined },
): string {
  const chosen = /(?:^|;\s*)language=([\w-]+)/.exec(cookie ?? '')?.[1];
  const wanted = [...(chosen ? [chosen.toLowerCase()] : []), ...preferences(acceptLanguage)];
  const main = (tag: string): string => tag.slice(0, 2).toLowerCase();
  for (const tag of wanted) {
    const found = languages.find((language) => main(language) === main(tag));
    if (found) return found;
  }
  return languages[0] ?? 'en';
}
