import type { AuditRow } from '../../../projections/audit-history/row.js';
import { upcast } from '../../domain/codec.js';
import type { HttpDependencies } from '../dependencies.js';
import { type HistoryLocale, sentence } from './words/words.js';

interface RecordedBody {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A record of the audit history as the REST interface shows it. */
export type AuditView = Awaited<ReturnType<typeof auditViews>>[number];

/** Rows in words and in data, with what people are called now. */
export async function auditViews(
  rows: readonly AuditRow[],
  workspaceId: string,
  locale: HistoryLocale,
  dependencies: Pick<HttpDependencies, 'usersTab' | 'auditHistory'>,
) {
  const ids = new Set(rows.flatMap(({ actor_id, subject_id }) => [actor_id ?? [], subject_id ?? []].flat()));
  const people = await peopleOf(workspaceId, [...ids], dependencies);
  const called = (id: string) => people.get(id)?.name ?? people.get(id)?.email ?? null;
  return rows.map((row) => {
    const event = JSON.parse(row.event) as RecordedBody;
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
      words: sentence({ type: event.type, data, actor, subject }, locale),
      actor,
      subject,
      from: { ip: textOr(ip), userAgent: textOr(userAgent), requestId: textOr(correlationId) },
      data,
      hash: row.hash,
    };
  });
}

/** As the users tab has them; as the history has them, where the users tab has not come to them yet. */
async function peopleOf(
  workspaceId: string,
  ids: readonly string[],
  { usersTab, auditHistory }: Pick<HttpDependencies, 'usersTab' | 'auditHistory'>,
): Promise<Map<string, { readonly email: string | null; readonly name: string | null }>> {
  const [recorded, shown] = await Promise.all([
    auditHistory.people(workspaceId, ids),
    usersTab.people(workspaceId, ids),
  ]);
  return new Map<string, { readonly email: string | null; readonly name: string | null }>([...recorded, ...shown]);
}

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
