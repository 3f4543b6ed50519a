import { RisingSearch } from './rising-search.js';

/**
 * Cuts pasted text into words, quoted names, comments, enclosed addresses and delimiters. A quotation mark or bracket
 * that nothing sensible closes on the same line is dropped, so that it cannot swallow the addresses behind it.
 */

export type Delimiter = ',' | ';' | '\t' | '|' | '\n';

/** Where a token stands: its line, counted from 1, and its places in the text. */
interface Span {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export type Token = Span &
  (
    | { readonly kind: 'delimiter'; readonly text: Delimiter }
    /** `text` is what stands between the marks; for a word, all of it. */
    | { readonly kind: 'word' | 'quoted' | 'comment'; readonly text: string }
    /** `<address>`, `(address)`, or `[name](mailto:address)`. */
    | { readonly kind: 'enclosed'; readonly text: string; readonly name?: string }
  );

/**
 * A mark ends a quotation where a word could end: `5" pipe` has none. Doubled marks (as in CSV) and those behind a
 * backslash (RFC 5322 section 3.2.4) belong to what is quoted.
 */
const QUOTE_END = /(?<!["\\])(?:"")*"(?!")(?=[\s,;|<@()[\]{}:>]|$)/g;

/** What stands between marks when it is an address and neither a comment nor a list. */
const LONE_ADDRESS = /^ ?[^\s@,;|]+@[^\s@,;|]+ ?$/;

/** Cuts `text`, as `foldText` gives it, into tokens in the order of their places. Linear in its length. */
export function tokenise(text: string): Token[] {
  return new Tokeniser(text, searchesOf(text)).run();
}

function searchesOf(text: string) {
  const search = (pattern: RegExp) => new RisingSearch(text, pattern);
  return {
    lineEnd: search(/\n|$/g),
    quoteEnd: search(new RegExp(QUOTE_END)),
    quote: search(/"/g),
    at: search(/@/g),
    delimiter: search(/[,;\t|\n]/g),
    angleOpen: search(/</g),
    angleClose: search(/>/g),
    roundOpen: search(/\(/g),
    roundClose: search(/\)/g),
    squareOpen: search(/\[/g),
    squareClose: search(/\]/g),
    wordEnd: search(/[\s,;|<>(]/g),
  };
}

class Tokeniser {
  private readonly tokens: Token[] = [];
  private place = 0;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly next: ReturnType<typeof searchesOf>,
  ) {}

  run(): Token[] {
    while (this.place < this.text.length) {
      const token = this.read(this.text.charAt(this.place));
      if (token) this.tokens.push(token);
      if (token?.text === '\n') this.line++;
      this.place = token?.end ?? this.place + 1;
    }
    return this.tokens;
  }

  private until(end: number): Span {
    return { line: this.line, start: this.place, end };
  }

  /** The token that begins here; none for white space and for a mark that is dropped. */
  private read(ch: string): Token | undefined {
    switch (ch) {
      case ' ':
      case '>':
        return undefined;
      case ',':
      case ';':
      case '\t':
      case '|':
      case '\n':
        return { kind: 'delimiter', text: ch, ...this.until(this.place + 1) };
      case '"':
        return this.quoted();
      case '<':
        return this.angle();
      case '(':
        return this.round();
      case '[':
        return this.link();
      default:
        return this.word();
    }
  }

  /**
   * A quotation with an `@` in it is a name only in front of an angle bracket (`"jane@example.com" <…>`), a local part
   * only in front of an `@`, or an address and no more. Any other is a list, whose marks mean nothing to us.
   */
  private quoted(): Token | undefined {
    const start = this.place;
    const endMark = this.next.quoteEnd.from(start + 1);
    const close = endMark + this.next.quoteEnd.matchLength - 1;
    if (endMark === Number.POSITIVE_INFINITY || close > this.next.lineEnd.from(start)) return undefined;
    const span = this.until(close + 1);
    if (this.text.charAt(span.end) === '@') return this.word(span.end);
    if (this.next.at.from(start) > close) {
      return { kind: 'quoted', text: unescaped(this.text.slice(start + 1, close)), ...span };
    }
    if (this.next.quote.from(start + 1) < close) return undefined;
    const inner = this.text.slice(start + 1, close);
    if (/^ ?</.test(this.text.slice(span.end, span.end + 2))) return { kind: 'quoted', text: inner, ...span };
    return LONE_ADDRESS.test(inner) ? { kind: 'word', text: inner.trim(), ...span } : undefined;
  }

  private angle(): Token | undefined {
    const inner = this.inside(this.next.angleOpen, this.next.angleClose);
    if (inner === undefined || inner.text.trim() === '' || this.next.delimiter.from(this.place) < inner.close)
      return undefined;
    return { kind: 'enclosed', text: inner.text, ...this.until(inner.close + 1) };
  }

  private round(): Token | undefined {
    const inner = this.inside(this.next.roundOpen, this.next.roundClose);
    if (inner === undefined) return undefined;
    const span = this.until(inner.close + 1);
    if (LONE_ADDRESS.test(inner.text)) return { kind: 'enclosed', text: inner.text, ...span };
    const isList = inner.text.includes('@') && this.next.delimiter.from(this.place) < inner.close;
    return isList ? undefined : { kind: 'comment', text: inner.text, ...span };
  }

  /** A link as Markdown writes it. The target is the address; a label is one where the target is none. */
  private link(): Token | undefined {
    const label = this.inside(this.next.squareOpen, this.next.squareClose);
    if (label === undefined || this.text.charAt(label.close + 1) !== '(') return undefined;
    const close = this.next.roundClose.from(label.close);
    if (close > this.next.lineEnd.from(this.place)) return undefined;
    const target = this.text.slice(label.close + 2, close);
    const span = this.until(close + 1);
    if (target.includes('@')) return { kind: 'enclosed', text: target, name: label.text, ...span };
    return { kind: label.text.includes('@') ? 'enclosed' : 'word', text: label.text, ...span };
  }

  /** What stands between the bracket here and the one that closes it on this line, if no other opens in between. */
  private inside(open: RisingSearch, closing: RisingSearch): { text: string; close: number } | undefined {
    const close = closing.from(this.place + 1);
    if (open.from(this.place + 1) < close || close > this.next.lineEnd.from(this.place)) return undefined;
    return { text: this.text.slice(this.place + 1, close), close };
  }

  /** A run of characters up to white space, a delimiter or a bracket. `from` skips a quoted local part. */
  private word(from = this.place + 1): Token {
    const end = Math.min(this.next.wordEnd.from(from), this.text.length);
    return { kind: 'word', text: this.text.slice(this.place, end), ...this.until(end) };
  }
}

function unescaped(quoted: string): string {
  return quoted.replace(/""/g, '"').replace(/\\(.)/g, '$1');
}
