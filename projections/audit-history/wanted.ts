import { type Kysely, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { distinctivePart, partsOf, type Shares, sharesOf } from './distinctive-parts.js';
import { lineOf } from './search-lines.js';

/** What a history can be narrowed down to; all that is given must hold. */
export interface AuditFilter {
  readonly type?: readonly string[];
  /** The user id of whoever did it. */
  readonly actor?: string;
  /** The user id of whom it is about. */
  readonly subject?: string;
  /** What took effect at or after it. */
  readonly from?: Instant;
  /** What took effect before it. */
  readonly to?: Instant;
  /** Part of a name, an address, a message, a mail server's reply or an IP address. */
  readonly text?: string;
}

/** What a workspace and a filter ask for, as records know it. */
export interface Wanted {
  readonly workspace: number;
  /** Where one of these is asked for; several types are as many kinds. */
  readonly kinds?: readonly number[];
  readonly actor?: number;
  readonly subject?: number;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly text?: WantedText;
}

export interface WantedText {
  /** As `lineOf` makes it, not empty. */
  readonly line: string;
  /** The part of it that few names have; undefined where many have each. */
  readonly inNames: string | undefined;
  /** The part of it that few texts have; undefined where many have each. */
  readonly inTexts: string | undefined;
}

/**
 * @param sampled how many names and how many texts tell what many have
 * @returns undefined where no record can be one of these: nobody has heard of the workspace, or of what its records are to have
 */
export async function wantedOf(
  // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
  db: Kysely<any>,
  workspaceId: string,
  filter: AuditFilter,
  sampled: number,
): Promise<Wanted | undefined> {
  const { type = [], actor, subject, from, to } = filter;
  const line = lineOf(filter.text ?? '');
  const parts = partsOf(line);
  const person = (userId: string | undefined) => sql`(
    select person from audit_history.names where workspace_id = ${workspaceId} and user_id = ${userId ?? null} limit 1)`;
  const { rows } = await sql<Record<'workspace' | 'actor' | 'subject', number> & { kinds: number[]; shares: Shares }>`
    select number as workspace, ${person(actor)} as actor, ${person(subject)} as subject, to_json(array(
      select number from audit_history.kinds where workspace_id = ${workspaceId} and type = any(${type}::text[])
    )) as kinds, ${sharesOf(workspaceId, parts, sampled)} as shares
    from audit_history.workspaces where workspace_id = ${workspaceId}`.execute(db);
  const [found] = rows;
  const isKnown =
    found &&
    (type.length === 0 || found.kinds.length > 0) &&
    (actor === undefined || found.actor !== null) &&
    (subject === undefined || found.subject !== null);
  if (!isKnown) return undefined;
  const [inNames, inTexts] = [found.shares.names, found.shares.texts].map((shares) => distinctivePart(parts, shares));
  const text = { line, inNames, inTexts };
  return {
    workspace: found.workspace,
    ...(type.length > 0 ? { kinds: found.kinds } : {}),
    ...(actor === undefined ? {} : { actor: found.actor }),
    ...(subject === undefined ? {} : { subject: found.subject }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(line === '' ? {} : { text }),
  };
}
