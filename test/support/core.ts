import { randomBytes, randomUUID } from 'node:crypto';

import { parseAddress } from '../../src/addresses/parse-recipients.js';
import { Closing } from '../../src/closing.js';
import type { CommandContext } from '../../src/commands/command-context.js';
import type { Invitee, MembershipOutcome } from '../../src/commands/invitations.js';
import { type Core, openCore } from '../../src/core.js';
import type { ThrottleLimits } from '../../src/database/throttles.js';
import type { IssueOfInvitation } from '../../src/domain/membership/events.js';
import type { InvitableRole } from '../../src/domain/role.js';
import { readCheckpoint } from '../../src/projecting/checkpoint.js';
import { type Follower, Following } from '../../src/projecting/follower.js';
import { projecting } from '../../src/projecting/project.js';
import { PROJECTIONS } from '../../src/projections.js';
import { reactor } from '../../src/reactor/reactor.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { createDatabase } from './postgres.js';
import { silent } from './silent-logger.js';
import { until } from './until.js';

/** What `openTestCore` needs of a tap test. */
interface Teardown {
  teardown(action: () => Promise<unknown>): void;
}

export interface TestCoreOptions {
  /** Whether the projections and the reactor follow the log. */
  readonly followers?: boolean;
  /** The log: Postgres's own by default, or an EventStoreDB connection string. */
  readonly eventStore?: string;
  /** None where it is absent: tests do not wait. */
  readonly resendPauseSeconds?: number;
  /** Of mails; none where it is absent. */
  readonly limits?: ThrottleLimits;
}

/** The person who owns a workspace, and the workspace. */
export interface Founded {
  readonly workspaceId: string;
  readonly ownerId: string;
}

export type TestCore = Awaited<ReturnType<typeof openTestCore>>;

/** The whole core on a database of the test's own, and short words for what nearly every test has to arrange. */
export async function openTestCore(
  test: Teardown,
  { followers = false, eventStore = 'postgres', resendPauseSeconds = 0, limits }: TestCoreOptions = {},
) {
  const { url } = await createDatabase(test, { mayHaveTables: true });
  const closing = new Closing((what, error) => {
    throw new Error(`could not close the ${what}`, { cause: error });
  });
  test.teardown(() => closing.close());
  const secrets = { addressKey: randomBytes(32), tokenKeys: parseTokenKeys(randomBytes(32).toString('base64')) };
  const options = {
    databaseUrl: url,
    eventStore,
    secrets,
    logger: silent,
    closing,
    resendPauseSeconds,
    ...(limits && { limits }),
  };
  const core = await openCore(options);
  const following = followers ? followersOf(core).map((follower) => follow(core, follower)) : [];
  for (const each of following) closing.add('follower', () => each.stop());

  const helpers = {
    /** The user id of an address. */
    person(email: string): string {
      const parsed = parseAddress(email);
      if (!parsed.ok) throw new TypeError(`${email} is no address`);
      return core.digest(parsed.address);
    },

    invitee(email: string, role: InvitableRole = 'developer'): Invitee {
      return { userId: helpers.person(email), email, role };
    },

    /** Founds a workspace whose owner has an account. */
    async foundWorkspace(email = 'owner@example.com', name = 'Acme'): Promise<Founded> {
      const workspaceId = core.newId();
      const ownerId = helpers.person(email);
      const owner = { email, name: 'Olivia Owner' };
      await core.accounts.register(ownerId, owner, contextOf(ownerId));
      await core.workspaces.create(workspaceId, name, { userId: ownerId, ...owner }, contextOf(ownerId));
      return { workspaceId, ownerId };
    },

    /** Invites somebody and lets them accept. @returns their user id */
    async join({ workspaceId, ownerId }: Founded, email: string, role: InvitableRole): Promise<string> {
      const invitee = helpers.invitee(email, role);
      const { state } = await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
      await core.links.accept(linkOf({ state }), email, contextOf(invitee.userId));
      return invitee.userId;
    },

    /** The types of a stream's events. */
    async eventTypes(stream: string): Promise<string[]> {
      const { events } = await core.store.readStream(stream);
      return events.map(({ type }) => type);
    },

    /** Waits until every follower has dealt with all that is in the log now. */
    async caughtUp(): Promise<void> {
      const head = await core.store.head();
      for (const { name } of followersOf(core)) {
        const reached = async () => ((await readCheckpoint(core.db, name))?.position ?? '') >= head;
        await until(reached, `${name} has caught up`);
      }
    },
  };
  return { ...helpers, core, url, following };
}

/** A new command of somebody's, sent now unless it is said when. */
export function contextOf(actorId: string, now = new Date().toISOString()): CommandContext {
  return { commandId: randomUUID(), correlationId: randomUUID(), actor: { type: 'user', id: actorId }, now };
}

/** What the newest mail's link is about. */
export function linkOf({ state: { invitation } }: Pick<MembershipOutcome, 'state'>): IssueOfInvitation {
  if (!invitation) throw new TypeError('there is no invitation');
  return { invitationId: invitation.id, issue: invitation.issue };
}

/** Starts following; stopping is the caller's business. */
export function follow(core: Core, follower: Follower, connectionString = core.databaseUrl): Following {
  const { store, metrics: observer } = core;
  const following = new Following(follower, { store, connectionString, logger: silent, observer });
  following.start();
  return following;
}

function followersOf({ db }: Core): Follower[] {
  return [...PROJECTIONS.map((projection) => projecting(projection, db)), reactor(db)];
}
