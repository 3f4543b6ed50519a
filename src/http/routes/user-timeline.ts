import { Type } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import { REPORT_SOURCES } from '../../domain/membership/events.js';
import { addressStream, membershipStream } from '../../domain/streams.js';
import type { RecordedEvent, StreamRead } from '../../event-store/event-store.js';
import { type Called, peopleOf } from '../audit/people-of.js';
import { tellingOf } from '../audit/telling.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { AnyRole } from '../schemas/roles.js';
import { TELLING } from '../schemas/telling.js';
import { Email, EnhancedCode, Instant, InvitationId, Locale, ReplyCode, UserId, WorkspaceId } from '../schemas/text.js';
import { Closed, nullable, wordOf } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';
import { actorsOf, TIMELINE_TYPES, timelineOf } from '../views/timeline-view.js';

const PAGE = 100;

const Entry = Type.Object(
  {
    id: Type.String({ description: 'Of the event.' }),
    type: wordOf(Object.values(TIMELINE_TYPES)),
    at: Instant('When it happened.'),
    words: Type.String({ description: 'What happened, in a sentence.' }),
    actor: nullable(
      Type.Object({
        type: wordOf(['user', 'invitee', 'service']),
        id: Type.String({ description: 'Of a user or an invitee, their user id.' }),
        name: nullable(Type.String(), { description: 'What they are called now; else their address.' }),
      }),
      { description: 'Whose doing it was: somebody signed in, whoever had the link, or the service.' },
    ),
    invitationId: Type.Optional(InvitationId),
    issue: Type.Optional(Type.Integer({ description: 'Which link of the invitation, from 1. Resending raises it.' })),
    mail: Type.Optional(
      wordOf(['reminder'], {
        description: 'Where it is about the reminder; absent where about the invitation itself.',
      }),
    ),
    attempt: Type.Optional(Type.Integer({ description: 'Which attempt at a mail of this issue, from 1.' })),
    role: Type.Optional(AnyRole),
    previousRole: Type.Optional(AnyRole),
    previous: Type.Optional(Type.String({ description: 'What ended the invitation, or the membership, before this.' })),
    correctedFrom: Type.Optional({
      ...InvitationId,
      description: 'The invitation for a wrong address that this one goes on with.',
    }),
    to: Type.Optional(
      Type.Object({ userId: UserId, email: Email }, { description: 'The address where the invitation goes on.' }),
    ),
    reason: Type.Optional(
      Type.String({ description: 'Why the person was not let in, or why the suppression was lifted.' }),
    ),
    expiresAt: Type.Optional(Instant('When the link stops being good.')),
    message: Type.Optional(Type.String({ description: 'The words of the inviter.' })),
    messageId: Type.Optional(Type.String({ description: "The mail's Message-ID." })),
    template: Type.Optional(Type.String({ description: 'What the mail was made from.' })),
    templateVersion: Type.Optional(Type.String({ description: 'Another after any change of the template.' })),
    locale: Type.Optional(Locale),
    bodyHash: Type.Optional(
      Type.String({
        description:
          'SHA-256, in hex, of what the mail said: its text, a NUL and its HTML, with line feeds, without white space at the end of either and without the token in the link.',
      }),
    ),
    kind: Type.Optional(
      wordOf(['permanent', 'transient', 'complaint'], {
        description:
          'Of a bounce: the address takes no mail, this mail did not get through, or it was reported as spam.',
      }),
    ),
    reportedBy: Type.Optional(wordOf(REPORT_SOURCES, { description: 'Who told of the bounce.' })),
    stillTrying: Type.Optional(
      Type.Boolean({ description: 'Of a transient bounce: the mail is late, and its server goes on trying.' }),
    ),
    unproven: Type.Optional(
      Type.Boolean({ description: 'Of a bounce: anybody may have made the report up, and nothing follows from it.' }),
    ),
    reply: Type.Optional(Type.String({ description: 'What the mail server said.' })),
    code: Type.Optional(ReplyCode),
    enhancedCode: Type.Optional(EnhancedCode),
    nextAttemptAt: Type.Optional(
      Instant('Of a mail that was put off: when it is tried again. Absent where it is not, because it had arrived.'),
    ),
    sparedAttempt: Type.Optional(
      Type.Integer({ description: 'Of a mail that arrived: the attempt that was to come, and is not made.' }),
    ),
    giveUpAt: Type.Optional(Instant('Until when it is.')),
  },
  { description: 'Fields that an entry of its type does not have are absent.' },
);

/** Everything between a person and a workspace, from the log itself. */
export function userTimelineRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { aggregates } = dependencies;

  app.get(
    '/workspaces/:workspaceId/users/:userId/timeline',
    {
      schema: {
        tags: ['Users'],
        operationId: 'getTimeline',
        summary: 'Everything that happened with one person',
        description:
          'Every invitation and what ended it, every mail and what the mail server said, every change of permission, in words and in data. Always up to date. For anybody who is in the workspace.',
        params: Type.Object({ workspaceId: WorkspaceId, userId: UserId }),
        querystring: Closed({
          ...TELLING,
          order: Type.Optional(
            wordOf(['oldest', 'newest'], { description: 'Which come first; oldest where it is absent.' }),
          ),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 500, description: `Entries a page; ${PAGE} where it is absent.` }),
          ),
          cursor: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 20,
              description: 'The nextCursor of the page before, asked for with the same order.',
            }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Entry),
            nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page. Absent on the last one.' })),
          }),
        },
      },
      config: { problems: ['workspace-not-found', 'user-not-found', 'invalid-cursor'] },
    },
    async (request) => {
      const { workspaceId, userId } = request.params;
      const { limit = PAGE, cursor, order = 'oldest' } = request.query;
      const telling = tellingOf(request, request.query);
      const stream = membershipStream({ workspaceId, userId });
      const caller = callerOf(request).userId;
      const { further } = await readStanding(aggregates, workspaceId, caller, stream, addressStream(userId));
      const [member, address] = further as [StreamRead, StreamRead];
      if (member.events.length === 0) throw new Problem('user-not-found');
      const lifted = address.events.filter(({ data }) => data['workspaceId'] === workspaceId);
      const events = [...member.events, ...lifted].sort((one, other) => (one.position < other.position ? -1 : 1));
      const { page, nextCursor } = pageOf(events, { order, limit, ...(cursor === undefined ? {} : { cursor }) });
      const people = await peopleOf(workspaceId, [userId, ...actorsOf(page)], dependencies);
      const called = ({ name, email }: Partial<Called> = {}) => name ?? email ?? null;
      const names = new Map([...people].map(([id, person]) => [id, called(person)]));
      // The log knows whom it is about also before any projection does.
      const subject = names.get(userId) ?? called(lastNamed(member.events));
      return {
        items: timelineOf(page, { ...telling, names, subject }) as never,
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  );
}

interface PageQuery {
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
  /** How many of the oldest come before the page, or are left for it and those after it: both stay true as more happens. */
  readonly cursor?: string;
}

/** @throws Problem `invalid-cursor` */
function pageOf<Event>(
  events: readonly Event[],
  { order, limit, cursor }: PageQuery,
): { readonly page: Event[]; readonly nextCursor?: string } {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw new Problem('invalid-cursor');
  if (order === 'oldest') {
    const end = Number(cursor ?? 0) + limit;
    return { page: events.slice(end - limit, end), ...(end < events.length ? { nextCursor: String(end) } : {}) };
  }
  const end = Math.min(Number(cursor ?? events.length), events.length);
  const start = Math.max(0, end - limit);
  return { page: events.slice(start, end).reverse(), ...(start > 0 ? { nextCursor: String(start) } : {}) };
}

/** What the events of a membership last called the person. */
function lastNamed(events: readonly RecordedEvent[]): Partial<Called> {
  const last = (field: 'name' | 'email') => {
    const found = events.findLast(({ data }) => typeof data[field] === 'string');
    return (found?.data[field] as string | undefined) ?? null;
  };
  return { name: last('name'), email: last('email') };
}
