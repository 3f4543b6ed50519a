import { type TStringOptions, Type } from '@fastify/type-provider-typebox';

import { ID_PATTERN, INVITATION_ID_PATTERN } from '../../domain/streams.js';

/** Neither controls nor halves of surrogate pairs, which neither a mail nor a database can carry. */
const ONE_LINE = '^[^\\p{Cc}\\p{Cs}]*$';
/** As `ONE_LINE`, but a text may have lines. */
const LINES = '^(?:[^\\p{Cc}\\p{Cs}]|[\\n\\r\\t])*$';
const LANGUAGE_TAG = '^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$';
/** A language that histories are told in, with a region or without. */
export const LANGUAGE_OF_HISTORY = '^(?:en|pt|es)(?:-(?:[A-Za-z]{2}|[0-9]{3}))?$';
const POSITION = '^[\\x21-\\x7e]{1,100}$';
const KEY = '^[\\x21-\\x7e]{1,255}$';

/** What each pattern asks for, in words that say what to do. */
export const PATTERNS: ReadonlyMap<string, string> = new Map([
  [ONE_LINE, 'Give one line of text, without control characters.'],
  [LINES, 'Give text without control characters; lines may end.'],
  [LANGUAGE_TAG, 'Give a language tag such as en, pt-BR or es.'],
  [LANGUAGE_OF_HISTORY, 'Give en, pt-BR or es, or one of these languages with another region, such as en-GB.'],
  [ID_PATTERN, 'Give an id as this service gave it: 26 characters of a-z and 0-9.'],
  [INVITATION_ID_PATTERN, 'Give an invitation id as this service gave it.'],
  [POSITION, 'Give the value of an Event-Position header, unchanged.'],
  [KEY, 'Give 1 to 255 visible ASCII characters, such as a UUID.'],
]);

type Options = TStringOptions;

export const Line = (options: Options) => Type.String({ pattern: ONE_LINE, ...options });
export const Lines = (options: Options) => Type.String({ pattern: LINES, ...options });

export const PersonName = Line({
  minLength: 1,
  maxLength: 100,
  description: 'What a person is called.',
  examples: ['Ana Souza'],
});
export const WorkspaceName = Line({
  minLength: 1,
  maxLength: 80,
  description: 'What the workspace is called.',
  examples: ['Acme'],
});
export const Email = Line({
  minLength: 1,
  maxLength: 320,
  description: 'An e-mail address.',
  examples: ['ana@example.com'],
});
export const Message = Lines({ maxLength: 1000, description: 'A few words of the inviter, for the mail.' });
export const Locale = Type.String({
  pattern: LANGUAGE_TAG,
  description: 'Language of the mail (BCP 47). The closest of en, pt-BR and es is used.',
  examples: ['pt-BR'],
});
export const ReplyCode = Type.Integer({
  description: "The mail server's reply code (RFC 5321): 4xx for not now, 5xx for never.",
  examples: [550],
});
export const EnhancedCode = Type.String({
  description: "The mail server's enhanced status code (RFC 3463), where it gave one.",
  examples: ['5.1.1'],
});
export const Token = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'What stands behind the # of the link.',
});

export const UserId = Type.String({ pattern: ID_PATTERN, examples: ['7k3v5q2mzn4x6c8b1a9d0e2f3g'] });
export const WorkspaceId = Type.String({ pattern: ID_PATTERN, examples: ['0d2f4h6j8l1n3p5r7t9v2x4z6b'] });
export const InvitationId = Type.String({
  pattern: INVITATION_ID_PATTERN,
  examples: ['0d2f4h6j8l1n3p5r7t9v2x4z6b.7k3v5q2mzn4x6c8b1a9d0e2f3g.1'],
});
export const EventPosition = Type.String({ pattern: POSITION });
export const IdempotencyKey = Type.String({ pattern: KEY });
export const Instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-09T12:00:00.000Z'] });
