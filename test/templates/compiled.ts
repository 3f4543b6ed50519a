import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { CompiledTemplate } from '../../templates/compiler.js';

export const TEMPLATES = [
  'invitation',
  'invitation-resent',
  'reminder',
  'renewal-requested',
  'digest',
  'sign-in',
] as const;
export const LOCALES = ['en', 'pt-BR', 'es'] as const;

/** The sources of the project. Compiled tests lie in `dist/test/templates`. */
export const SOURCES = join(import.meta.dirname, '../../../templates');

export type TemplateName = (typeof TEMPLATES)[number];
export type LocaleName = (typeof LOCALES)[number];

const BRAND = {
  brandName: 'Northwind Traders',
  logoUrl: 'https://logos.example.com/northwind.png',
  accentColour: '#0b6e4f',
  accentOnDark: '#63c9a6',
};

const INVITATION = {
  ...BRAND,
  workspaceName: 'Northwind',
  inviterName: 'Bruno',
  recipientName: 'Ana',
  roleName: 'Developer',
  message: 'Welcome.\nSee you on Monday.',
  messageLines: ['Welcome.', 'See you on Monday.'],
  acceptUrl: 'https://app.example.com/accept#abc.def-ghi_jkl',
  expiresAt: '30 November 2025, 14:00 UTC',
  email: 'ana@example.com',
};

const SIGN_IN = {
  ...BRAND,
  signInUrl: 'https://app.example.com/sign-in#abc.def-ghi_jkl',
  minutes: 10,
  email: 'ana@example.com',
};

const RENEWAL_REQUESTED = {
  ...BRAND,
  recipientName: 'Ana',
  workspaceName: 'Northwind',
  invitedName: 'Carla',
  invitedEmail: 'carla@example.com',
  expiredAt: '30 November 2025, 14:00 UTC',
  usersUrl: 'https://app.example.com/workspaces/1/users',
  preferencesUrl: 'https://app.example.com/preferences',
};

const DIGEST = {
  ...BRAND,
  recipientName: 'Ana',
  workspaceName: 'Northwind',
  acceptedCount: 22,
  declinedCount: 0,
  undeliveredCount: 1,
  expiredCount: 0,
  renewalsCount: 0,
  groups: [
    { title: 'Accepted', count: 22, people: [{ name: 'Carla', email: 'carla@example.com', reason: '' }], more: 21 },
    {
      title: 'Not delivered',
      count: 1,
      people: [{ name: '', email: 'davi@example.com', reason: '550 5.1.1 no such mailbox' }],
      more: 0,
    },
  ],
  usersUrl: 'https://app.example.com/workspaces/1/users',
  preferencesUrl: 'https://app.example.com/preferences',
};

/** Exactly the variables that each template may use: in strict mode, any other one throws. */
export const VARIABLES: Readonly<Record<TemplateName, Readonly<Record<string, unknown>>>> = {
  invitation: INVITATION,
  'invitation-resent': INVITATION,
  reminder: INVITATION,
  'renewal-requested': RENEWAL_REQUESTED,
  digest: DIGEST,
  'sign-in': SIGN_IN,
};

export async function readCompiled(folder: string, name: TemplateName, locale: LocaleName): Promise<CompiledTemplate> {
  return JSON.parse(await readFile(join(folder, `${name}.${locale}.json`), 'utf8')) as CompiledTemplate;
}

/** Fills a template as the service does: strictly, with escaping in HTML only. */
export function fill(compiled: CompiledTemplate, variables: Readonly<Record<string, unknown>>): CompiledTemplate {
  const plain = { strict: true, noEscape: true };
  return {
    subject: Handlebars.compile(compiled.subject, plain)(variables),
    html: Handlebars.compile(compiled.html, { strict: true })(variables),
    text: Handlebars.compile(compiled.text, plain)(variables),
  };
}
