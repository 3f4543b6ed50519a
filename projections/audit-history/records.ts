import type { Instant } from '../../src/domain/lifetime.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Tables } from '../../src/projecting/tables.js';
import { instantOf, ownText, storable } from '../domain-event.js';
import { type ChainHead, canonicalEvent, chained, GENESIS } from './chain.js';
import { type Facts, factsOf } from './facts.js';
import { COUNTER_KEYS, Numbering } from './numbering.js';
import type { ChainRow } from './row.js';
import { lineOf, type SearchedText, searchedText } from './search-lines.js';
import {
  CHAIN,
  COUNTERS,
  KINDS,
  type KindRow,
  NAMES,
  type NameRow,
  TEXTS,
  type TextRow,
  WORKSPACES,
  type WorkspaceRow,
} from './tables.js';

/** Where a workspace's history stands. */
interface Head extends ChainHead {
  /** The workspace's number. */
  readonly workspace: number;
  /** When its newest record took effect. */
  readonly clock: Instant;
}

interface Concerned {
  readonly event: RecordedEvent;
  readonly facts: Facts;
}

/** The records of some workspaces as events continue them. */
export class Records {
  private readonly heads = new Map<string, Head>();

  private constructor(
    private readonly numbering: Numbering,
    private readonly chain: Rows<ChainRow>,
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
    const workspaces = await tables.rows(WORKSPACES, workspacesOf(concerned));
    const numbering = new Numbering(
      await tables.rows(COUNTERS, COUNTER_KEYS),
      workspaces,
      await tables.rows(KINDS, kindsOf(concerned)),
    );
    const records = new Records(
      numbering,
      await tables.rows(CHAIN, chainsOf(concerned, workspaces)),
      await tables.rows(NAMES, peopleOf(concerned)),
      await tables.rows(TEXTS, textsOf(concerned)),
    );
    for (const each of concerned) records.append(each);
  }

  /** Numbers are given in one order, however the log is cut into pieces: that of the events, and this one within an event. */
  private append({ event, facts }: Concerned): void {
    const { workspaceId, actor } = facts;
    const at = instantOf(event);
    const head = this.headOf(workspaceId);
    const { workspace } = head;
    const { sequence, hash, event: recorded } = chained(canonicalEvent(event), head);
    const clock = head.clock > at ? head.clock : at;
    this.heads.set(workspaceId, { workspace, sequence, hash, clock });
    const kind = this.numbering.kind(workspaceId, storable(event.type));
    const subject = facts.subject === null ? undefined : this.called(facts, facts.subject, sequence);
    const isByThemselves = actor !== null && actor.id === facts.subject;
    const by = isByThemselves ? subject : actor ? this.mentioned(workspaceId, actor.id, sequence) : undefined;
    const text = searchedText(workspaceId, facts.said);
    if (text) this.noteText(workspaceId, text.id, text.search);
    this.chain.put({
      workspace,
      sequence,
      clock,
      kind,
      actor: by?.person ?? null,
      subject: subject?.person ?? null,
      text_id: text?.id ?? null,
      hash: `\\x${hash}`,
      search: linesIn(subject, isByThemselves ? undefined : by, text),
      position: event.isAtHand ? event.position : null,
      copy: event.isAtHand ? null : recorded,
    });
  }

  private headOf(workspaceId: string): Head {
    const known = this.heads.get(workspaceId);
    if (known) return known;
    const workspace = this.numbering.workspace(workspaceId);
    const newest = this.chain.get({ workspace });
    if (!newest) return { workspace, sequence: 0, hash: GENESIS, clock: '' };
    return { workspace, sequence: newest.sequence, hash: digitsOf(newest.hash), clock: newest.clock };
  }

  /** What the subject of an event is called, once the event has told. */
  private called({ workspaceId, email, name }: Facts, subject: string, sequence: number): NameRow {
    const before = this.mentioned(workspaceId, subject, sequence);
    if (email === undefined && name === undefined) return before;
    if ((email ?? before.email) === before.email && (name ?? before.name) === before.name) return before;
    return this.call(before, sequence, email ?? before.email, name ?? before.name);
  }

  private mentioned(workspace_id: string, user_id: string, sequence: number): NameRow {
    const known = this.names.get({ workspace_id, user_id });
    if (known) return known;
    return this.call({ workspace_id, user_id: ownText(user_id), person: this.numbering.next() }, sequence, null, null);
  }

  private call(
    { workspace_id, user_id, person }: Pick<NameRow, 'workspace_id' | 'user_id' | 'person'>,
    sequence: number,
    email: string | null,
    name: string | null,
  ): NameRow {
    const row = { workspace_id, user_id, sequence, person, email, name, search: lineOf(email, name) };
    this.names.put(row);
    return row;
  }

  private noteText(workspace_id: string, text_id: number, search: string): void {
    const key = { workspace_id, text_id };
    const known = this.texts.get(key)?.search;
    if (known === search || known?.split('\n\n').includes(search)) return;
    this.texts.put({ ...key, search: known === undefined ? search : `${known}\n\n${search}` });
  }
}

function linesIn(subject: NameRow | undefined, actor: NameRow | undefined, text: SearchedText | undefined): string {
  let lines = subject?.search ?? '';
  if (actor?.search) lines += lines === '' ? actor.search : `\n${actor.search}`;
  if (text) lines += lines === '' ? text.search : `\n${text.search}`;
  return lines;
}

function* workspacesOf(concerned: readonly Concerned[]): Generator<Pick<WorkspaceRow, 'workspace_id'>> {
  for (const workspace_id of new Set(concerned.map(({ facts }) => facts.workspaceId))) yield { workspace_id };
}

/** Of the workspaces that have a number; those that have none have no records either. */
function* chainsOf(
  concerned: readonly Concerned[],
  workspaces: Rows<WorkspaceRow>,
): Generator<Pick<ChainRow, 'workspace'>> {
  for (const key of workspacesOf(concerned)) {
    const known = workspaces.get(key);
    if (known) yield { workspace: known.number };
  }
}

function* kindsOf(concerned: readonly Concerned[]): Generator<Pick<KindRow, 'workspace_id' | 'type'>> {
  const seen = new Set<string>();
  for (const { event, facts } of concerned) {
    const key = { workspace_id: facts.workspaceId, type: storable(event.type) };
    if (seen.size !== seen.add(`${key.workspace_id}\n${key.type}`).size) yield key;
  }
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
    const text = searchedText(facts.workspaceId, facts.said);
    if (!text || seen.size === seen.add(`${facts.workspaceId}\n${text.id}`).size) continue;
    yield { workspace_id: facts.workspaceId, text_id: text.id };
  }
}

/** Of a hash as it is written, or as `pg` reads it. */
function digitsOf(hash: string | Buffer): string {
  return typeof hash === 'string' ? hash.slice('\\x'.length) : hash.toString('hex');
}
