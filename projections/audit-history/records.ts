import type { Instant } from '../../src/domain/lifetime.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Tables } from '../../src/projecting/tables.js';
import { instantOf, storable } from '../domain-event.js';
import { type ChainHead, canonicalEvent, chained, GENESIS } from './chain.js';
import { type Facts, factsOf } from './facts.js';
import type { StoredAuditRow } from './row.js';
import { lineOf, searchedText } from './search-lines.js';
import { NAMES, type NameRow, RECORDS, TEXTS, type TextRow } from './tables.js';

/** Where a workspace's history stands. */
interface Head extends ChainHead {
  /** When its newest record took effect. */
  readonly clock: Instant;
}

const NO_RECORD: Head = { sequence: 0, hash: GENESIS, clock: '' };

interface Concerned {
  readonly event: RecordedEvent;
  readonly facts: Facts;
}

/** The records of some workspaces as events continue them. */
export class Records {
  private readonly heads = new Map<string, Head>();

  private constructor(
    private readonly records: Rows<StoredAuditRow>,
    private readonly names: Rows<NameRow>,
    private readonly texts: Rows<TextRow>,
  ) {}

  static async fold(tables: Tables, events: readonly RecordedEvent[]): Promise<void> {
    const concerned: Concerned[] = [];
    for (const event of events) {
      const facts = factsOf(event);
      if (facts) concerned.push({ event, facts });
    }
    if (concerned.length === 0) return;
    const records = new Records(
      await tables.rows(RECORDS, workspacesOf(concerned)),
      await tables.rows(NAMES, peopleOf(concerned)),
      await tables.rows(TEXTS, textsOf(concerned)),
    );
    for (const each of concerned) records.append(each);
  }

  private append({ event, facts }: Concerned): void {
    const { workspaceId, subject, actor } = facts;
    const at = instantOf(event);
    const head = this.headOf(workspaceId);
    const { sequence, hash, event: recorded } = chained(canonicalEvent(event), head);
    const clock = head.clock > at ? head.clock : at;
    this.heads.set(workspaceId, { sequence, hash, clock });
    const text = searchedText(facts.texts);
    if (text) this.noteText(workspaceId, text.id, text.search);
    this.records.put({
      workspace_id: workspaceId,
      sequence,
      at,
      clock,
      type: storable(event.type),
      actor_type: actor?.type ?? null,
      actor_id: actor?.id ?? null,
      subject_id: subject,
      text_id: text?.id ?? null,
      search: this.searchOf(facts, sequence, text?.search),
      event: recorded,
      hash: `\\x${hash}`,
    });
  }

  private headOf(workspaceId: string): Head {
    const known = this.heads.get(workspaceId);
    if (known) return known;
    const newest = this.records.get({ workspace_id: workspaceId });
    return newest ? { sequence: newest.sequence, hash: digitsOf(newest.hash), clock: newest.clock } : NO_RECORD;
  }

  private searchOf(facts: Facts, sequence: number, text: string | undefined): string {
    const { workspaceId, subject, actor } = facts;
    let search = '';
    const add = (line: string | undefined) => {
      if (line) search = search === '' ? line : `${search}\n${line}`;
    };
    if (subject !== null) add(this.calledBy(facts, subject, sequence)?.search);
    if (actor && actor.id !== subject) add(this.names.get({ workspace_id: workspaceId, user_id: actor.id })?.search);
    add(text);
    return search;
  }

  /** What the subject of an event is called, once the event has told. */
  private calledBy(facts: Facts, subject: string, sequence: number): NameRow | undefined {
    const key = { workspace_id: facts.workspaceId, user_id: subject };
    const before = this.names.get(key);
    if (facts.email === undefined && facts.name === undefined) return before;
    const { email = before?.email ?? null, name = before?.name ?? null } = facts;
    if (before && before.email === email && before.name === name) return before;
    const after = { ...key, sequence, email, name, search: lineOf(email, name) };
    this.names.put(after);
    return after;
  }

  private noteText(workspace_id: string, text_id: number, search: string): void {
    const key = { workspace_id, text_id };
    const known = this.texts.get(key)?.search;
    if (known === search || known?.split('\n\n').includes(search)) return;
    this.texts.put({ ...key, search: known === undefined ? search : `${known}\n\n${search}` });
  }
}

function* workspacesOf(concerned: readonly Concerned[]): Generator<Pick<StoredAuditRow, 'workspace_id'>> {
  for (const workspace_id of new Set(concerned.map(({ facts }) => facts.workspaceId))) yield { workspace_id };
}

/** By whom the events are, and whom they are about. */
function* peopleOf(concerned: readonly Concerned[]): Generator<Pick<NameRow, 'workspace_id' | 'user_id'>> {
  const seen = new Set<string>();
  for (const { facts } of concerned) {
    const { workspaceId: workspace_id, subject, actor } = facts;
    for (const user_id of [subject, actor?.id ?? null]) {
      if (user_id === null || seen.size === seen.add(`${workspace_id}\n${user_id}`).size) continue;
      yield { workspace_id, user_id };
    }
  }
}

function* textsOf(concerned: readonly Concerned[]): Generator<Pick<TextRow, 'workspace_id' | 'text_id'>> {
  const seen = new Set<string>();
  for (const { facts } of concerned) {
    const text = searchedText(facts.texts);
    if (!text || seen.size === seen.add(`${facts.workspaceId}\n${text.id}`).size) continue;
    yield { workspace_id: facts.workspaceId, text_id: text.id };
  }
}

/** Of a hash as it is written, or as `pg` reads it. */
function digitsOf(hash: string | Buffer): string {
  return typeof hash === 'string' ? hash.slice('\\x'.length) : hash.toString('hex');
}
