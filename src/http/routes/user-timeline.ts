import { Type } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import { REPORT_SOURCES } from '../../domain/membership/events.js';
import { addressStream, membershipStream } from '../../domain/streams.js';
import type { StreamRead } from '../../event-store/event-store.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { AnyRole } from '../schemas/roles.js';
import { Email, EnhancedCode, Instant, InvitationId, Locale, ReplyCode, UserId, WorkspaceId } from '../schemas/text.js';
import { Closed, nullable, wordOf } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';
import { TIMELINE_TYPES, timelineOf } from '../views/timeline-view.js';

const PAGE = 100;

const Entry = Type.Object(
  {
    id: Type.String({ description: 'Of the event.' }),
    type: wordOf(Object.values(TIMELINE_TYPES)),
    at: Instant('When it happened.'),
    actor: nullable(
      Type.Object({
        type: wordOf(['user', 'invitee', 'service']),
        id: Type.String({ description: 'Of a user or an invitee, their user id.' }),
      }),
      { description: 'Whose doing it was: somebody signed in, whoever had the link, or the service.' },
    ),
    invitationId: Type.Optional(InvitationId),
    issue: Type.Optional(Type.Integer({ description: 'Which mail of the invitation, from 1. Resending raises it.' })),
    attempt: Type.Optional(Type.Integer({ description: 'Which attempt to send this mail, from 1.' })),
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
    nextAttemptAt: Type.Optional(Instant('When the mail is tried again.')),
    giveUpAt: Type.Optional(Instant('Until when it is.')),
  },
  { description: 'Fields that an entry of its type does not have are absent.' },
);

/** Everything between a person and a workspace, from the log itself. */
export function userTimelineRoutes(app: TypedApp, { aggregates }: HttpDependencies): void {
  app.get(
    '/workspaces/:workspaceId/users/:userId/timeline',
    {
      schema: {
        tags: ['Users'],
        operationId: 'getTimeline',
        summary: 'Everything that happened with one person',
        description:
          'Every invitation and what ended it, every mail and what the mail server said, every change of permission; oldest first. Always up to date. For anybody who is in the workspace.',
        params: Type.Object({ workspaceId: WorkspaceId, userId: UserId }),
        querystring: Closed({
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 500, description: `Entries a page; ${PAGE} where it is absent.` }),
          ),
          cursor: Type.Optional(
            Type.String({ minLength: 1, maxLength: 20, description: 'The nextCursor of the page before.' }),
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
      const { limit = PAGE, cursor = '0' } = request.query;
      const stream = membershipStream({ workspaceId, userId });
      const caller = callerOf(request).userId;
      const { further } = await readStanding(aggregates, workspaceId, caller, stream, addressStream(userId));
      const [member, address] = further as [StreamRead, StreamRead];
      if (member.events.length === 0) throw new Problem('user-not-found');
      const lifted = address.events.filter(({ data }) => data['workspaceId'] === workspaceId);
      const events = [...member.events, ...lifted].sort((one, other) => (one.position < other.position ? -1 : 1));
      if (!/^\d{1,9}$/.test(cursor)) throw new Problem('invalid-cursor');
      const from = Number(cursor);
      const end = from + limit;
      return {
        items: timelineOf(events.slice(from, end)) as never,
        ...(end < events.length ? { nextCursor: String(end) } : {}),
      };
    },
  );
}
