import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';

import type { IssueOfInvitation } from '../../src/domain/membership/events.js';
import type { Projection } from '../../src/projecting/projection.js';
import { PROJECTIONS } from '../../src/projections.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import type { AnyDatabase } from '../../src/rebuilding/slot.js';
import { contextOf, type Founded, linkOf, type TestCore } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';

/** So little is held in memory that a short log makes a rebuild write, forget and read again many times. */
export const FORGETFUL = { values: 2_000, pastValues: 500, commitAfter: 20 } as const;

/** The operators' words on a test's core. Small pieces: a short log makes many of them. */
export function operationsOn(
  { core, url }: Pick<TestCore, 'core' | 'url'>,
  projections: readonly Projection[] = PROJECTIONS,
): ProjectionOperations {
  const { db, store } = core;
  return new ProjectionOperations({ db, store, connectionString: url, projections, pieceSize: 50, limits: FORGETFUL });
}

/** Never aborts. */
export const patient = { signal: new AbortController().signal };

/** Invites many people, some of whom accept, are renamed or are removed; some mails come back. */
export async function liveOn(test: TestCore, founded: Founded, people: number): Promise<void> {
  const { core } = test;
  const { workspaceId, ownerId } = founded;
  for (let number = 0; number < people; number++) {
    const email = `person-${randomUUID()}@example.com`;
    if (number % 3 > 0) {
      const invitee = test.invitee(email);
      const link = linkOf(await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId)));
      if (number % 5 === 1) await comeBack(test, link);
      continue;
    }
    const userId = await test.join(founded, email, 'developer');
    if (number % 2 > 0) continue;
    await core.members.remove(workspaceId, ownerId, userId, contextOf(ownerId));
  }
}

async function comeBack({ core }: TestCore, link: IssueOfInvitation): Promise<void> {
  const context = contextOf('worker');
  await core.emails.begin(link, '<1@example.com>', anyMail, context);
  const report = {
    id: context.commandId,
    reportedBy: 'dsn',
    isProven: true,
    kind: 'permanent',
    reply: '550 gone',
    mail: link,
  } as const;
  await core.deliveryReports.record(report, context);
}

/** The constraints of a schema, as Postgres tells them. */
export async function constraintsOf(db: AnyDatabase, schema: string): Promise<readonly unknown[]> {
  const { rows } = await sql`
    select relname, conname, pg_get_constraintdef(c.oid) as made from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.connamespace = ${schema}::regnamespace order by relname, conname`.execute(db);
  return rows;
}
