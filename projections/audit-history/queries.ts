import { type Kysely, sql } from 'kysely';

import type { EventStore, Position } from '../../src/event-store/event-store.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { type ChainHead, canonicalEvent, GENESIS, hashOf } from './chain.js';
import { DiffersFromLog } from './differs-from-log.js';
import { type Span, selectMatching } from './matching.js';
import { type AuditRow, auditRow, type FoundRow, type ReadRow, recordOf } from './row.js';
import type { NameRow } from './tables.js';
import { SEARCH_LIMITS, type SearchLimits, TextSearch } from './text-search.js';
import { type AuditFilter, type Wanted, wantedOf } from './wanted.js';

export interface AuditQuery extends AuditFilter {
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
  /** The `nextCursor` of the page before, asked for with the same order. */
  readonly cursor?: string;
}

export interface AuditPage {
  readonly rows: AuditRow[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** How many records are held at once while a history is exported. */
const EXPORTED_AT_ONCE = 1_000;

/** Everything the audit history answers. */
export class AuditHistoryQueries {
  private readonly limits: SearchLimits;
  private readonly search: TextSearch;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
    /** The log that the history was made from. */
    private readonly log: Pick<EventStore, 'eventsAt'>,
    limits: Partial<SearchLimits> = {},
  ) {
    this.limits = { ...SEARCH_LIMITS, ...limits };
    this.search = new TextSearch(db, this.limits);
  }

  /**
   * A page in the order of the chain, which is that of the log. What is written meanwhile comes after all of it, so that it neither
   * doubles nor hides a record.
   *
   * @throws InvalidCursor, DiffersFromLog; EventStoreUnavailable where events are in the log
   */
  async list(workspaceId: string, { order, limit, cursor, ...filter }: AuditQuery): Promise<AuditPage> {
    const behind = cursor === undefined ? undefined : Number(decodeCursor(order, cursor, isSequence)[0]);
    const wanted = await wantedOf(this.db, workspaceId, filter, this.limits.sampled);
    if (!wanted) return { rows: [] };
    const found = await this.find(workspaceId, wanted, { order, limit: limit + 1, behind });
    const last = found.length > limit ? found[limit - 1] : undefined;
    const rows = await this.withEvents(found.slice(0, limit));
    return {
      rows: rows.map(auditRow),
      ...(last ? { nextCursor: encodeCursor(order, String(last.sequence), '') } : {}),
    };
  }

  /** The newest record of a workspace's chain. */
  async head(workspaceId: string): Promise<ChainHead> {
    const { rows } = await sql<ChainHead>`
      select sequence, encode(hash, 'hex') as hash from audit_history.chain
      where workspace = (select number from audit_history.workspaces where workspace_id = ${workspaceId})
      order by sequence desc limit 1`.execute(this.db);
    return rows[0] ?? { sequence: 0, hash: GENESIS };
  }

  /** What people were last called by the events of a workspace. */
  async people(workspaceId: string, userIds: readonly string[]): Promise<Map<string, Pick<NameRow, 'email' | 'name'>>> {
    if (userIds.length === 0) return new Map();
    const { rows } = await sql<Pick<NameRow, 'user_id' | 'email' | 'name'>>`
      select n.* from unnest(${userIds}::text[]) u cross join lateral (
        select user_id, email, name from audit_history.names
        where workspace_id = ${workspaceId} and user_id = u order by sequence desc limit 1
      ) n`.execute(this.db);
    return new Map(rows.map(({ user_id, ...called }) => [user_id, called]));
  }

  /**
   * The records up to a head in the order of the chain, a piece at a time.
   *
   * @throws DiffersFromLog; EventStoreUnavailable where events are in the log
   */
  async *records(workspaceId: string, filter: AuditFilter, upTo: ChainHead): AsyncGenerator<ReadRow[]> {
    const wanted = await wantedOf(this.db, workspaceId, filter, this.limits.sampled);
    if (!wanted) return;
    for (let behind = 0; ; ) {
      const span = { order: 'oldest', limit: EXPORTED_AT_ONCE, behind, upTo: upTo.sequence } as const;
      const rows = await this.withEvents(await this.find(workspaceId, wanted, span));
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < EXPORTED_AT_ONCE) return;
      behind = last.sequence;
    }
  }

  /** The records of a span that are wanted, in its order. */
  private async find(workspaceId: string, wanted: Wanted, span: Span): Promise<FoundRow[]> {
    const { text } = wanted;
    if (text) return await this.search.find(workspaceId, { ...wanted, text }, span);
    const { rows } = await selectMatching(wanted, span).execute(this.db);
    return rows;
  }

  /** Records with their events, wherever those are. One from the log is proved by the hash that was made of it. */
  private async withEvents(found: readonly FoundRow[]): Promise<ReadRow[]> {
    const left = found.flatMap(({ position }) => position ?? []);
    const events = left.length > 0 ? await this.log.eventsAt?.(left) : [];
    const texts = new Map(events?.map((event) => [event.position, canonicalEvent(event)]));
    return found.map(({ position, copy, ...row }) => {
      if (copy !== null) return { ...row, event: copy };
      const event = texts.get(position as Position);
      const record = event !== undefined && { ...row, event };
      if (record && hashOf(recordOf(record)) === row.hash) return record;
      throw new DiffersFromLog(`record ${row.sequence} was made of another event than the log has at ${position}`);
    });
  }
}

const isSequence = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);
