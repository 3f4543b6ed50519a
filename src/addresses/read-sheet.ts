import { elementsOf } from './elements.js';
import { nameIn, saysSomething } from './names.js';
import { type FoundEntry, readList } from './read-list.js';
import type { Delimiter, Token } from './tokens.js';

/** The tokens of one line, its line feed with them. */
type Line = readonly Token[];
type Cell = readonly Token[];

/** How the rows of a spreadsheet or a CSV file are cut, and what its header says, if it has one. */
interface Sheet {
  readonly delimiter: Delimiter;
  readonly header?: { readonly email: number; readonly name: readonly number[] };
}

/** Compared as letters only: "E-mail 1 - Value" is `emailvalue`. English, Portuguese, Spanish, French, German. */
const EMAIL_HEADER = /^(?:[a-z]{0,12}e?mails?(?:value|address(?:es)?|adresse)?|correo[a-z]*|courriel|enderecodeemail)$/;
const WHOLE_NAME = /^(?:(?:full|display)?name|nomecompleto|nombrecompleto|nomcomplet)$/;
const GIVEN_NAME = /^(?:firstname|givenname|forename|nome|nombre|prenom|vorname)$/;
const FAMILY_NAME = /^(?:lastname|familyname|surname|sobrenome|apellidos?|nom|nachname)$/;

/** Splits what was pasted into the entries of its rows, and the tokens that are no rows and make a list. */
export function readSheet(tokens: readonly Token[]): { entries: FoundEntry[]; list: Token[] } {
  const lines = linesOf(tokens);
  const headed = sheetByHeader(lines);
  const sheet = headed ?? sheetByShape(lines);
  const entries: FoundEntry[] = [];
  const list: Token[] = [];
  for (const line of headed || hasOnlyHeader(lines) ? lines.slice(1) : lines) {
    const own = sheet ?? rowOf(line);
    if (own) entries.push(...readRow(line, own));
    else for (const token of line) list.push(token);
  }
  return { entries, list };
}

/** The lines that have anything on them. */
function linesOf(tokens: readonly Token[]): Line[] {
  const lines: Token[][] = [];
  let line: Token[] = [];
  for (const token of tokens) {
    line.push(token);
    if (token.text !== '\n') continue;
    if (line.length > 1) lines.push(line);
    line = [];
  }
  return line.length > 0 ? [...lines, line] : lines;
}

function cellsOf(line: Line, delimiter: Delimiter): Cell[] {
  const cells: Token[][] = [];
  let cell: Token[] = [];
  for (const token of line) {
    if (token.kind !== 'delimiter') cell.push(token);
    else if (token.text === delimiter) {
      cells.push(cell);
      cell = [];
    }
  }
  return [...cells, cell];
}

function hasAddress(cell: Cell | undefined): boolean {
  return cell?.some(({ text }) => text.includes('@')) ?? false;
}

function textOf(cell: Cell | undefined): string {
  return cell?.map(({ text }) => text).join(' ') ?? '';
}

/** A first line without an address that names a column of addresses. */
function sheetByHeader([first = []]: readonly Line[]): Sheet | undefined {
  if (hasAddress(first)) return undefined;
  const delimiter = (['\t', '|', ';', ','] as const).find((candidate) => first.some(({ text }) => text === candidate));
  if (delimiter === undefined) return undefined;
  const titles = cellsOf(first, delimiter).map(titleOf);
  const email = titles.findIndex((title) => EMAIL_HEADER.test(title));
  if (email < 0) return undefined;
  const column = (pattern: RegExp) => titles.findIndex((title) => pattern.test(title));
  const [whole, given, family] = [column(WHOLE_NAME), column(GIVEN_NAME), column(FAMILY_NAME)];
  const name = whole >= 0 && (given >= 0 || family < 0) ? [whole] : [whole, given, family];
  return { delimiter, header: { email, name: name.filter((index) => index >= 0) } };
}

/** A column of addresses below its title. */
function hasOnlyHeader([first = [], second]: readonly Line[]): boolean {
  return second !== undefined && !hasAddress(first) && EMAIL_HEADER.test(titleOf(first));
}

function titleOf(cell: Cell): string {
  return textOf(cell)
    .normalize('NFD')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();
}

/** Without a header: at least two lines, each with as many cells, and one bare address each in the same cell. */
function sheetByShape(lines: readonly Line[]): Sheet | undefined {
  if (lines.length < 2) return undefined;
  for (const delimiter of [';', ','] as const) {
    const shapes = new Set(lines.map((line) => shapeOf(cellsOf(line, delimiter))));
    if (shapes.size === 1 && !shapes.has(undefined)) return { delimiter };
  }
  return undefined;
}

function shapeOf(cells: readonly Cell[]): string | undefined {
  const addresses = cells.filter(hasAddress);
  const isRow = cells.length > 1 && addresses.length === 1 && addresses[0]?.length === 1;
  return isRow && addresses[0]?.[0]?.kind === 'word' ? `${cells.length}:${cells.findIndex(hasAddress)}` : undefined;
}

/** Tabs (a spreadsheet) and bars (a table in Markdown) make a row of a line that has one address, wherever it stands. */
function rowOf(line: Line): Sheet | undefined {
  const delimiter = (['\t', '|'] as const).find((candidate) => line.some(({ text }) => text === candidate));
  return delimiter && line.filter(({ text }) => text.includes('@')).length === 1 ? { delimiter } : undefined;
}

function readRow(line: Line, { delimiter, header }: Sheet): FoundEntry[] {
  const cells = cellsOf(line, delimiter);
  const filled = cells.flat();
  const [first, last] = [filled.at(0), filled.at(-1)];
  if (!first || !last || !saysSomething(textOf(filled))) return [];
  const row = { line: first.line, start: first.start, end: last.end };
  const email = header && hasAddress(cells[header.email]) ? header.email : cells.findIndex(hasAddress);
  const found = readList(elementsOf(cells[email] ?? []));
  if (email < 0) return [{ ...row, text: textOf(cells[header?.email ?? 0]) }];
  if (found.length !== 1) return found;
  const name = header ? nameIn(header.name.map((index) => textOf(cells[index])).join(' ')) : nameBeside(cells, email);
  return found.map((entry) => ({ ...(name !== undefined && { name }), ...entry, ...row }));
}

/** The cell in front of the address, or that and the one before where each is one word; else the cell behind. */
function nameBeside(cells: readonly Cell[], email: number): string | undefined {
  const word = (index: number) => (cells[index]?.length === 1 ? nameInCell(cells[index]) : undefined);
  const [given, family] = [word(email - 2), word(email - 1)];
  if (given !== undefined && family !== undefined) return `${given} ${family}`;
  return nameInCell(cells[email - 1]) ?? nameInCell(cells[email + 1]);
}

function nameInCell(cell: Cell | undefined): string | undefined {
  const text = textOf(cell);
  return /\d/.test(text) ? undefined : nameIn(text);
}
