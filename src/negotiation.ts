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

/** What a browser says of its reader's languages. */
interface LanguageHeaders {
  /** The pages keep the chosen language in it. */
  readonly cookie?: string | undefined;
  readonly acceptLanguage?: string | undefined;
}

/** The language that a page is shown in: that of its reader, else the first there is. */
export function languageFor(languages: readonly string[], headers: LanguageHeaders): string {
  return knownLanguage(languages, headers) ?? languages[0] ?? 'en';
}

/** The language that was chosen on a page, else the first of the browser's that is one of these. */
export function knownLanguage<Language extends string>(
  languages: readonly Language[],
  { cookie, acceptLanguage }: LanguageHeaders,
): Language | undefined {
  const chosen = /(?:^|;\s*)language=([\w-]+)/.exec(cookie ?? '')?.[1];
  const wanted = [...(chosen ? [chosen.toLowerCase()] : []), ...preferences(acceptLanguage)];
  const main = (tag: string): string => tag.slice(0, 2).toLowerCase();
  for (const tag of wanted) {
    const found = languages.find((language) => main(language) === main(tag));
    if (found) return found;
  }
  return undefined;
}
