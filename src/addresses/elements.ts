import { saysSomething } from './names.js';
import { readAddress } from './read-address.js';
import type { Delimiter, Token } from './tokens.js';

/** An address, or a run of words that is none: a name, a mistyped address, something else. */
export interface Element {
  readonly kind: 'address' | 'text';
  /** Counted from 1. */
  readonly line: number;
  /** The piece of a line between two delimiters: elements of one piece have only spaces between them. */
  readonly piece: number;
  /** What separates it from the element before. Of several, a line feed or else the last. */
  readonly gap: Gap;
  readonly start: number;
  end: number;
  text: string;
  /** Given where marks tell what it is: an address in brackets, a name in quotation marks, a comment. */
  mark?: 'enclosed' | 'quoted' | 'comment';
  name?: string;
}

export type Gap = Delimiter | ' ';
type WordToken = Exclude<Token, { kind: 'delimiter' }>;

/** "1." "2)" "(3)" "#4" and what is left of "[x]". */
const NUMBERING = /^(?:[#(]\d{1,5}[.)\]:]*|\d{1,5}[.)\]:]+|x?\])$/i;
const NUMBER = /^\d{1,5}$/;

/** Gathers tokens to elements. Bullets, numbering and labels ("To:", the name of a group) are left out. */
export function elementsOf(tokens: readonly Token[]): Element[] {
  return new Gatherer().gather(joinAtSigns(tokens));
}

class Gatherer {
  private readonly elements: Element[] = [];
  private gap: Gap = '\n';
  private piece = 0;

  gather(tokens: readonly Token[]): Element[] {
    for (const token of tokens) {
      if (token.kind === 'delimiter') this.separate(token.text);
      else if (token.kind === 'enclosed') this.addEnclosed(token);
      else if (token.kind === 'word' && token.text.includes('@')) this.add('address', token);
      else this.addText(token);
    }
    return this.elements;
  }

  private separate(delimiter: Delimiter): void {
    if (this.gap !== '\n') this.gap = delimiter;
    this.piece++;
  }

  /** The element before, if it is of the same piece. */
  private get last(): Element | undefined {
    return this.gap === ' ' ? this.elements.at(-1) : undefined;
  }

  private add(kind: Element['kind'], token: WordToken, mark?: Element['mark'], text = token.text): void {
    const { line, start, end } = token;
    const name = token.kind === 'enclosed' ? token.name : undefined;
    const { piece, gap } = this;
    this.elements.push({ kind, line, piece, gap, start, end, text, ...(mark && { mark }), ...(name && { name }) });
    this.gap = ' ';
  }

  /** Outlook copies an address without a name as `jane@example.com<mailto:jane@example.com>`: one, not two. */
  private addEnclosed(token: WordToken): void {
    const last = this.last;
    if (last?.kind === 'address' && !last.mark && isSameAddress(last.text, token.text)) {
      last.end = token.end;
      last.mark = 'enclosed';
    } else {
      this.add('address', token, 'enclosed');
    }
  }

  private addText(token: WordToken): void {
    const last = this.last;
    const text = token.kind === 'comment' ? `(${token.text})` : token.text;
    if (token.kind === 'word' && text.endsWith(':')) {
      if (last?.kind === 'text') this.gap = this.elements.pop()?.gap ?? this.gap;
    } else if (last?.kind === 'text') {
      last.end = token.end;
      last.text += ` ${text}`;
      delete last.mark;
    } else if (saysSomething(text) && !NUMBERING.test(text) && !(this.gap === '\n' && NUMBER.test(text))) {
      const mark = token.kind === 'word' || token.kind === 'enclosed' ? undefined : token.kind;
      this.add('text', token, mark, text);
    }
  }
}

function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [readAddress(one), readAddress(other)];
  return first.ok && second.ok && first.address === second.address;
}

/** Joins `jane @ example.com`, which RFC 5322 section 3.4.1 allows and people type: words with only spaces between. */
function joinAtSigns(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    if (before?.kind === 'word' && token.kind === 'word' && belongTogether(before.text, token.text)) {
      joined[joined.length - 1] = { ...before, text: before.text + token.text, end: token.end };
    } else {
      joined.push(token);
    }
  }
  return joined;
}

/** A half that has a dot is a domain. `@jane` alone may be a handle, and stays apart. */
function belongTogether(before: string, word: string): boolean {
  if (before.includes('@')) return before.endsWith('@') && before.length > 1 && /^[^@]+\.[^@]+$/.test(word);
  return word === '@' || /^@[^@]+\.[^@]+$/.test(word);
}
