import type { Element } from './elements.js';
import { nameIn, readsAsName } from './names.js';

/** One entry as it was found: where, the text of its address (or what is there instead), and the name beside it. */
export interface FoundEntry {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly name?: string;
}

/** Stands between two addresses and is neither: "a@example.com and b@example.com". */
const CONNECTOR = /^(?:and|or|und|oder|e|ou|y|o|et)$/i;

/**
 * Reads elements as a list. Text beside an address is its name where marks or its looks say so. All other text is an
 * entry of its own, a bad one: nothing that was pasted goes unanswered but numbering, labels, comments and marks.
 */
export function readList(elements: readonly Element[]): FoundEntry[] {
  const list = joinCommaNames(elements);
  const context = contextOf(list);
  const found: FoundEntry[] = [];
  let nameInFront: Element | undefined;
  for (const [index, element] of list.entries()) {
    const next = list[index + 1];
    const before = list[index - 1];
    if (element.kind === 'address') {
      found.push(entryOf(element, nameInFront));
      nameInFront = undefined;
    } else if (next && namesNext(element, next, context)) {
      nameInFront = element;
    } else if (before && found.at(-1)?.name === undefined && namesBefore(element, before, context)) {
      found[found.length - 1] = entryOf(before, element);
    } else if (element.mark !== 'comment' && !CONNECTOR.test(element.text)) {
      found.push(entryOf(element));
    }
  }
  return found;
}

/** @param beside the element that names it, in front or behind */
function entryOf({ line, start, end, text, name }: Element, beside?: Element): FoundEntry {
  const pasted = beside ? bareName(beside) : name;
  const clean = pasted === undefined ? undefined : nameIn(pasted);
  const from = beside ? Math.min(start, beside.start) : start;
  const to = beside ? Math.max(end, beside.end) : end;
  return clean === undefined ? { line, start: from, end: to, text } : { line, start: from, end: to, text, name: clean };
}

function bareName({ mark, text }: Element): string {
  return mark === 'comment' ? text.slice(1, -1) : text;
}

/** Outlook writes `Doe, Jane <jane@example.com>` without quotation marks: makes one element of the two halves. */
function joinCommaNames(elements: readonly Element[]): Element[] {
  const joined: Element[] = [];
  for (let index = 0; index < elements.length; index++) {
    const last = elements[index] as Element;
    const first = elements[index + 1];
    if (last.kind === 'text' && first?.kind === 'text' && areHalvesOfName(last, first, elements[index + 2])) {
      joined.push({ ...last, text: `${last.text}, ${first.text}`, end: first.end, mark: 'quoted' });
      index++;
    } else {
      joined.push(last);
    }
  }
  return joined;
}

function areHalvesOfName(last: Element, first: Element, address: Element | undefined): boolean {
  if (address?.mark !== 'enclosed' || address.name !== undefined) return false;
  if (first.gap !== ',' || address.gap !== ' ' || last.mark || first.mark) return false;
  return readsAsName(last.text, 1, 3) && readsAsName(first.text, 1, 3);
}

/** What the elements around one say about it. */
interface Context {
  /** How many addresses a piece, and a line, has. */
  readonly inPiece: ReadonlyMap<number, number>;
  readonly inLine: ReadonlyMap<number, number>;
  /** A name and an address take turns, each on a line of its own: a list of contacts copied from a page. */
  readonly isStacked: boolean;
}

function contextOf(elements: readonly Element[]): Context {
  const inPiece = new Map<number, number>();
  const inLine = new Map<number, number>();
  for (const { kind, piece, line } of elements) {
    if (kind === 'text') continue;
    inPiece.set(piece, (inPiece.get(piece) ?? 0) + 1);
    inLine.set(line, (inLine.get(line) ?? 0) + 1);
  }
  const isStacked =
    elements.length >= 4 &&
    elements.length % 2 === 0 &&
    elements.every(({ kind, gap }, index) => gap === '\n' && kind === (index % 2 === 0 ? 'text' : 'address'));
  return { inPiece, inLine, isStacked };
}

/** Whether `text` is the name of the address behind it. */
function namesNext(text: Element, next: Element, { inPiece, isStacked }: Context): boolean {
  if (next.kind === 'text' || next.name !== undefined || text.mark === 'comment') return false;
  const isQuoted = text.mark === 'quoted';
  switch (next.gap) {
    case ' ':
      return isQuoted || next.mark === 'enclosed' || readsAsName(text.text, inPiece.get(next.piece) === 1 ? 1 : 2);
    case ',':
      return isQuoted || readsAsName(text.text, next.mark === 'enclosed' ? 1 : 2);
    case '\n':
      return (isStacked || next.mark === 'enclosed') && readsAsName(text.text, 1);
    default:
      return readsAsName(text.text, 2);
  }
}

/** Whether `text` is the name of the address in front of it: "jane@example.com (Jane Doe)". */
function namesBefore(text: Element, before: Element, { inPiece, inLine }: Context): boolean {
  if (before.kind === 'text' || text.gap === '\n') return false;
  const isOnly = text.gap === ' ' ? inPiece.get(before.piece) === 1 : inLine.get(before.line) === 1;
  return isOnly && (text.mark === 'quoted' || readsAsName(text.text, text.mark === 'comment' ? 1 : 2));
}
