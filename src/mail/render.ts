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
  const roles = new Map<Locale, Record<string, string>>();
  for (const locale of LOCALES) {
    const texts = await readJson<{ roles: Record<string, string> }>(join(directory, 'locales', `${locale}.json`));
    roles.set(locale, texts.roles);
    for (const template of TEMPLATES) {
      const source = await readJson<RenderedMail>(join(directory, `${template}.${locale}.json`));
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
      const context = 'role' in values ? invitationContext(values, locale, roles.get(locale) ?? {}) : values;
      if ('signInUrl' in values) requireWebLink(values.signInUrl);
      return { subject: fill.subject(context), html: fill.html(context), text: fill.text(context) };
    },
  };
}

/** The closest language that there are mails in. */
export function localeFor(wanted: string | undefined, usual: Locale): Locale {
  const lower = wanted?.toLowerCase() ?? '';
  const exact = LOCALES.find((locale) => locale.toLowerCase() === lower);
  return exact ?? LOCALES.find((locale) => locale.split('-')[0] === lower.split('-')[0]) ?? usual;
}

function invitationContext(values: InvitationValues, locale: Locale, roles: Record<string, string>): object {
  requireWebLink(values.acceptUrl);
  const expiresAt = new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(values.expiresAt));
  return {
    ...values,
    roleName: roles[values.role] ?? values.role,
    messageLines: values.message === '' ? [] : values.message.split('\n'),
    expiresAt: `${expiresAt} UTC`,
  };
}

/** Escaping does not make `javascript:` harmless. */
function requireWebLink(link: string): void {
  const { protocol } = new URL(link);
  if (protocol !== 'https:' && protocol !== 'http:') throw new RangeError(`no link for a mail: ${protocol}`);
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
