import { cleanName } from './clean-text.js';
import type { DigestPerson, DigestValues, InvitationValues, TemplateName, TemplateValues } from './template-values.js';

/** Names of one language that stand for a code. */
export interface TemplateNames {
  readonly roles: Readonly<Record<string, string>>;
  /** What became of an invitation: the headings of a digest. */
  readonly results: Readonly<Record<string, string>>;
}

/** How a language says things. */
export interface Language {
  readonly names: TemplateNames;
  /** Tells an instant (ISO 8601) in full. */
  moment(iso: string): string;
}

type Contexts = { readonly [Name in TemplateName]: (values: TemplateValues[Name], language: Language) => object };

const RESULTS = [
  'accepted',
  'declined',
  'undelivered',
  'expired',
  'renewals',
] as const satisfies readonly (keyof DigestValues)[];

/** People of each kind that a digest names: mail programs cut off a mail of more than 102 KB. The others are counted. */
const MOST_NAMED = 20;

/** Of a mail server's reply, in characters. */
const LONGEST_REASON = 200;

/** What the placeholders of each template stand for. */
export const CONTEXTS: Contexts = {
  invitation: invitationContext,
  'invitation-resent': invitationContext,
  reminder: invitationContext,
  'renewal-requested': (values, { moment }) => ({
    ...values,
    expiredAt: moment(values.expiredAt),
    usersUrl: webLink(values.usersUrl),
    preferencesUrl: webLink(values.preferencesUrl),
  }),
  digest: (values, { names }) => ({
    recipientName: values.recipientName,
    workspaceName: values.workspaceName,
    ...Object.fromEntries(RESULTS.map((result) => [`${result}Count`, values[result].length])),
    groups: RESULTS.filter((result) => values[result].length > 0).map((result) => ({
      title: names.results[result] ?? result,
      ...groupContext(values[result]),
    })),
    usersUrl: webLink(values.usersUrl),
    preferencesUrl: webLink(values.preferencesUrl),
  }),
  'sign-in': (values) => ({ ...values, signInUrl: webLink(values.signInUrl) }),
};

function invitationContext(values: InvitationValues, { names, moment }: Language): object {
  return {
    ...values,
    acceptUrl: webLink(values.acceptUrl),
    roleName: names.roles[values.role] ?? values.role,
    messageLines: values.message === '' ? [] : values.message.split('\n'),
    expiresAt: moment(values.expiresAt),
  };
}

function groupContext(people: readonly DigestPerson[]): object {
  return {
    count: people.length,
    people: people.slice(0, MOST_NAMED).map(({ name, email, reason = '' }) => ({
      name,
      email,
      reason: cleanName(reason, LONGEST_REASON),
    })),
    more: Math.max(0, people.length - MOST_NAMED),
  };
}

/** Escaping does not make `javascript:` harmless. Answers the link as a browser reads it. */
function webLink(link: string): string {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new RangeError('a link in a mail must begin with https: or http:');
  }
  return url.href;
}
