import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';

import { type Brand, brandContext, UNBRANDED } from './brand.js';
import { CONTEXTS, type Language, type TemplateNames } from './template-contexts.js';
import type { TemplateName, TemplateValues } from './template-values.js';

export { type Brand, UNBRANDED } from './brand.js';
export type {
  DigestPerson,
  DigestValues,
  InvitationValues,
  RenewalRequestedValues,
  TemplateName,
  TemplateValues,
} from './template-values.js';

export const LOCALES = ['en', 'pt-BR', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface Templates {
  /** @throws when a value is missing, or a link or a colour is none that may stand in a mail */
  render<Name extends TemplateName>(
    template: Name,
    locale: Locale,
    values: TemplateValues[Name],
    brand?: Brand,
  ): RenderedMail;
}

export const TEMPLATES = Object.keys(CONTEXTS) as readonly TemplateName[];

type Fill = Record<keyof RenderedMail, Handlebars.TemplateDelegate>;

/**
 * Loads the compiled templates.
 *
 * @param directory that `templates/compile.ts` wrote to
 */
export async function loadTemplates(directory: string): Promise<Templates> {
  const fills = new Map<string, Fill>();
  const languages = new Map<Locale, Language>();
  for (const locale of LOCALES) {
    const names = await readJson<TemplateNames>(join(directory, 'locales', `${locale}.json`));
    languages.set(locale, { names, moment: (iso) => moment(iso, locale) });
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
    render(template, locale, values, brand = UNBRANDED) {
      const fill = fills.get(`${template}.${locale}`);
      const language = languages.get(locale);
      if (!fill || !language) throw new RangeError(`there is no mail ${template} in ${locale}`);
      const context = { ...CONTEXTS[template](values, language), ...brandContext(brand) };
      return { subject: inOneLine(fill.subject(context)), html: fill.html(context), text: fill.text(context) };
    },
  };
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

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
