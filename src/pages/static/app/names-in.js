/**
 * Cuts a sentence where it names people, each once, as a word of its own.
 *
 * @template {{ name: string }} P
 * @param {string} sentence
 * @param {readonly P[]} people
 * @returns {{ text: string, person?: P }[]} pieces that are the sentence when they are put together
 */
export function namesIn(sentence, people) {
  /** @type {{ text: string, person?: P }[]} */
  let pieces = [{ text: sentence }];
  // The longer goes first: it may hold the shorter.
  for (const person of [...people].sort((one, other) => other.name.length - one.name.length)) {
    const at = pieces.findIndex(({ text, person: taken }) => !taken && placeOf(person.name, text) >= 0);
    const piece = pieces[at];
    if (!piece) continue;
    const start = placeOf(person.name, piece.text);
    const end = start + person.name.length;
    const cut = [{ text: piece.text.slice(0, start) }, { text: person.name, person }, { text: piece.text.slice(end) }];
    pieces = pieces.toSpliced(at, 1, ...cut);
  }
  return pieces.filter(({ text }) => text !== '');
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {number} -1 where it is not named
 */
function placeOf(name, text) {
  const isPart = (/** @type {string} */ character) => /[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    if (!isPart(text[at - 1] ?? ' ') && !isPart(text[at + name.length] ?? ' ')) return at;
  }
  return -1;
}
