import { type AddressObject, simpleParser } from 'mailparser';

/** A mail as people and programs want to read it. */
export interface Message {
  readonly id: string;
  /** As the mail says: `Name <address>`. */
  readonly from: string;
  /** The addresses it was delivered to. */
  readonly to: readonly string[];
  readonly subject: string;
  /** The plain text part, `''` where it has none. */
  readonly text: string;
  /** The HTML part with its inline images, `''` where it has none. */
  readonly html: string;
  /** By lower-cased name, as sent but unfolded; values of a header that occurs more than once are joined by a newline. */
  readonly headers: Readonly<Record<string, string>>;
  /** Every http(s) link, those of the HTML part first, each once. */
  readonly links: readonly string[];
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** Reads a mail's file. Never fails: what is no proper mail has empty parts. */
export async function parseMessage(id: string, to: readonly string[], raw: Buffer): Promise<Message> {
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  const text = mail.text ?? '';
  const html = mail.html || '';
  return {
    id,
    from: addresses(mail.from),
    to,
    subject: mail.subject ?? '',
    text,
    html,
    headers: headers(mail.headerLines),
    links: [...new Set([...linksInHtml(html), ...linksInText(text)])],
    receivedAt: arrival(id),
  };
}

function addresses(of: AddressObject | AddressObject[] | undefined): string {
  return [of ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}

function headers(lines: readonly { readonly key: string; readonly line: string }[]): Record<string, string> {
  const found = new Map<string, string[]>();
  for (const { key, line } of lines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n(?=[ \t])/g, '');
    found.set(key, [...(found.get(key) ?? []), value.trim()]);
  }
  return Object.fromEntries([...found].map(([key, values]) => [key, values.join('\n')]));
}

function linksInHtml(html: string): string[] {
  const hrefs = [...html.matchAll(/\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(([, a, b]) => decode(a ?? b ?? ''));
  return hrefs.filter((href) => /^https?:\/\//i.test(href));
}

/** Punctuation that follows a link in a sentence is not part of it. */
function linksInText(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"']+/gi)].map(([link]) => link.replace(/[.,;:!?)\]}]+$/, ''));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** Decodes the character references that escaping puts into an attribute. */
function decode(attribute: string): string {
  return attribute.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|quot|apos|lt|gt));/gi, (_, hex, decimal, name) => {
    if (name) return ENTITIES[String(name).toLowerCase()] ?? '';
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** The time that an id begins with: `20240131T235959123-0000`. */
function arrival(id: string): string {
  return id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})-.*$/, '$1-$2-$3T$4:$5:$6.$7Z');
}
