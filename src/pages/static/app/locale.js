/**
 * A language of the pages as it is written where the reader is: dates and numbers are otherwise in Britain than in the United States. Of
 * the reader's languages the first that is of the same kin tells; where none is, or it names no region, the language goes as it is.
 *
 * @param {string} language
 * @param {readonly string[]} wanted tags of BCP 47, the most wanted first
 */
export function localeFor(language, wanted) {
  const kin = language.slice(0, 2);
  const own = wanted.find((tag) => tag.split('-')[0]?.toLowerCase() === kin) ?? '';
  const region = /^..-([a-z]{2}|\d{3})(?![a-z\d])/i.exec(own)?.[1];
  return region ? `${kin}-${region.toUpperCase()}` : language;
}
