import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';

export const LOCALES = ['en', 'pt-BR', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** What each mail is filled with. Texts are cleaned already; escaping is this module's business. */
export interface TemplateValues {
  invitation: InvitationValues;
  'invitation-resent': InvitationValues;
  'sign-in': { readonly signInUrl: string; readonly minutes: number; readonly email: string };
}

export interface InvitationValues {
  readonly workspaceName: string;
  /** Empty where it is not known; so is `recipientName`. */
  readonly inviterName: string;
  readonly recipientName: string;
  readonly role: 'owner' | 'administrator' | 'developer';
  /** Empty where there is none. */
  readonly message: string;
  readonly acceptUrl: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly email: string;
}

export type TemplateName = keyof TemplateValues;

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface Templates {
  /** @throws when a value is missing or a link is none that may stand in a mail */
  render<Name extends TemplateName>(template: Name, locale: Locale, values: TemplateValues[Name]): RenderedMail;
  /** Follows from the compiled template alone: the same wherever it was built, another after any change. */
  version(template: TemplateName, locale: Locale): string;
}

const TEMPLATES: readonly TemplateName[] = ['invitation', 'invitation-resent', 'sign-in'];

type Fill = Record<keyof RenderedMail, Handlebars.TemplateDelegate>;

/**
 * Loads the compiled templates.
 *
 * @param directory that `templates/compile.ts` wrote to
 */
export async function loadTemplates(directory: string): Promise<Templates> {
  const fills = new Map<string, Fill>();
  const versions = new Map<string, string>();
  const roles = new Map<Locale, Record<string, string>>();
  for (const locale of LOCALES) {
    const texts = await readJson<{ roles: Record<string, string> }>(join(directory, 'locales', `${locale}.json`));
    roles.set(locale, texts.roles);
    for (const template of TEMPLATES) {
      const source = await readJson<RenderedMail>(join(directory, `${template}.${locale}.json`));
      versions.set(`${template}.${locale}`, versionOf(source));
      fills.set(`${template}.${locale}`, {
        subject: Handlebars.compile(source.subject, { strict: true, noEscape: true }),
        html: Handlebars.compile(source.html, { strict: true }),
        text: Handlebars.compile(source.text, { strict: true, noEscape: true }),
      });
    }
  }
  return {
    render(template, locale, values) {
      const fill = fills.get(`${template}.${locale}`);
      if (!fill) throw new RangeError(`there is no mail ${template} in ${locale}`);
      const context =
        'role' in values ? invitationContext(values, locale, roles.get(locale) ?? {}) : signInContext(values);
      return { subject: inOneLine(fill.subject(context)), html: fill.html(context), text: fill.text(context) };
    },
    version(template, locale) {
      const version = versions.get(`${template}.${locale}`);
      if (version === undefined) throw new RangeError(`there is no mail ${template} in ${locale}`);
      return version;
    },
  };
}

/** In characters; twelve of hex tell templates apart, and can still be read out. */
const VERSION_LENGTH = 12;

function versionOf({ subject, html, text }: RenderedMail): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, html, text]))
    .digest('hex')
    .slice(0, VERSION_LENGTH);
}

/** Values are cleaned before; were one not, it still must not add a header to a mail (RFC 5322 section 2.2). */
function inOneLine(subject: string): string {
  return subject.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** The closest language that there are mails in. */
export function localeFor(wanted: string | undefined, usual: Locale): Locale {
  const lower = wanted?.toLowerCase() ?? '';
  const exact = LOCALES.find((locale) => locale.toLowerCase() === lower);
  return exact ?? LOCALES.find((locale) => locale.split('-')[0] === lower.split('-')[0]) ?? usual;
}

function invitationContext(values: InvitationValues, locale: Locale, roles: Readonly<Record<string, string>>): object {
  return {
    ...values,
    acceptUrl: webLink(values.acceptUrl),
    roleName: roles[values.role] ?? values.role,
    messageLines: values.message === '' ? [] : values.message.split('\n'),
    expiresAt: moment(values.expiresAt, locale),
  };
}

function signInContext(values: TemplateValues['sign-in']): object {
  return { ...values, signInUrl: webLink(values.signInUrl) };
}

/** In full, with the zone named: nobody knows where the reader is. */
function moment(iso: string, locale: Locale): string {
  return `${MOMENTS[locale].format(new Date(iso))} UTC`;
}

/** Made once: to make one takes longer than all the rest of a mail. */
const MOMENTS = Object.fromEntries(
  LOCALES.map((locale) => [
    locale,
    new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }),
  ]),
) as Record<Locale, Intl.DateTimeFormat>;

/** Escaping does not make `javascript:` harmless. Answers the link as a browser reads it. */
function webLink(link: string): string {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new RangeError('a link in a mail must begin with https: or http:');
  }
  return url.href;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
