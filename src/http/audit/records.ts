import type { AuditRow } from '../../../projections/audit-history/row.js';
import { upcast } from '../../domain/codec.js';
import type { HttpDependencies } from '../dependencies.js';
import { peopleOf } from './people-of.js';
import { sentence, type Telling } from './words/words.js';

/** A record of the audit history as the REST interface shows it. */
export type AuditView = Awaited<ReturnType<typeof auditViews>>[number];

/** Rows in words and in data, with what people are called now. */
export async function auditViews(
  rows: readonly AuditRow[],
  workspaceId: string,
  telling: Telling,
  dependencies: Pick<HttpDependencies, 'usersTab' | 'auditHistory'>,
) {
  const ids = new Set(rows.flatMap(({ actor_id, subject_id }) => [actor_id ?? [], subject_id ?? []].flat()));
  const people = await peopleOf(workspaceId, [...ids], dependencies);
  const called = (id: string) => people.get(id)?.name ?? people.get(id)?.email ?? null;
  return rows.map((row) => {
    const event = row.recorded;
    const { data } = upcast(event) as { readonly data: Readonly<Record<string, unknown>> };
    const { ip, userAgent, correlationId } = event.metadata;
    const actor =
      row.actor_type === null ? null : { type: row.actor_type, id: row.actor_id, name: called(row.actor_id ?? '') };
    const subject =
      row.subject_id === null
        ? null
        : { userId: row.subject_id, name: called(row.subject_id), email: people.get(row.subject_id)?.email ?? null };
    return {
      sequence: row.sequence,
      id: event.id,
      at: row.at,
      type: event.type,
      words: sentence({ type: event.type, data, actor, subject }, telling),
      actor,
      subject,
      from: { ip: textOr(ip), userAgent: textOr(userAgent), requestId: textOr(correlationId) },
      data,
      hash: row.hash,
    };
  });
}

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
