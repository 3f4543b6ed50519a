import type { Test } from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import type { JobName } from '../../src/reactor/jobs.js';
import { contextOf, type Founded, linkOf, type TestCore } from './core.js';
import { type MailingOptions, startMailing } from './mailing.js';
import { type Mood, startMoodyServer } from './moody-server.js';
import { until } from './until.js';

/** Mails that are tried again come back as soon as the queue is looked at. */
const SOON = [1, 1] as const;

interface QueuedJob {
  readonly run_at: string;
  readonly attempts: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** People of a workspace who are invited, and what becomes of their mails. */
export function deliveryTo({ core, invitee, caughtUp }: TestCore, { workspaceId, ownerId }: Founded) {
  const { pool, store, invitations } = core;

  /** A server with moods for one recipient's tries, in turn, the last for good; and a worker that mails to it. */
  async function mailing(test: Test, moods: readonly Mood[], options: Partial<MailingOptions> = {}) {
    const server = await startMoodyServer((_to, nth) => moods[Math.min(nth, moods.length) - 1] ?? 'takes');
    test.teardown(() => server.close());
    const worker = await startMailing(core, { smtpUrl: server.url, pauses: SOON, ...options });
    test.teardown(() => worker.stop());
    return { server, worker };
  }

  async function invite(email: string, lifetimeSeconds?: number) {
    const person = { ...invitee(email), ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }) };
    const link = linkOf(await invitations.invite(workspaceId, ownerId, person, contextOf(ownerId)));
    const stream = membershipStream({ workspaceId, userId: person.userId });
    /**
     * The events of its mails, without `InvitationEmail`, once the last is so called and about that attempt, if one is named;
     * and what they say of replies.
     */
    const told = async (last: string, attempt?: number) => {
      await until(
        async () => {
          const event = (await store.readStream(stream)).events.at(-1);
          return (
            event?.type === `InvitationEmail${last}` && (attempt === undefined || event.data['attempt'] === attempt)
          );
        },
        `${email}: ${last} ${attempt ?? ''}`,
      );
      const { events } = await store.readStream(stream);
      return events
        .filter(({ type }) => type.startsWith('InvitationEmail'))
        .map(({ type, data: { attempt, code, enhancedCode, mail } }) =>
          [type.slice('InvitationEmail'.length), mail, attempt, code, enhancedCode].filter(
            (part) => part !== undefined,
          ),
        );
    };
    return { link, stream, email, told, userId: person.userId };
  }

  const jobsOf = async (invitationId: string, name: JobName) => {
    const query = 'select run_at, attempts, payload from graphile_worker._private_jobs where starts_with(key, $1)';
    return (await pool.query<QueuedJob>(query, [`${name}:${invitationId}`])).rows;
  };

  /** What the queue holds for an invitation once the reactor and the worker are done with it. */
  async function nothingLeft(test: Test, invitationId: string, name: JobName): Promise<void> {
    await caughtUp();
    await until(async () => (await jobsOf(invitationId, name)).length === 0, 'no job is left');
    test.strictSame(await jobsOf(invitationId, name), []);
  }

  return { mailing, invite, jobsOf, nothingLeft };
}
