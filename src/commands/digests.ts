import { voucherMayInvite } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import { holds, type ResultKind } from '../domain/membership/results.js';
import { membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import type { RecordedEvent, StreamRead } from '../event-store/event-store.js';
import { type Addressee, readAddressee } from './addressees.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { OpenWorkspace } from './authority.js';

/** What became of an invitation, for whoever answers for it. Ids alone, so that it may be kept beside the log. */
export interface DigestEntry {
  /** Of the event that says so. */
  readonly eventId: string;
  readonly workspaceId: string;
  readonly inviterId: string;
  /** Who was invited. */
  readonly userId: string;
  readonly kind: ResultKind;
  readonly at: string;
}

/** What one mail tells an inviter. */
export interface Digest {
  readonly workspaceId: string;
  readonly workspace: OpenWorkspace;
  readonly recipient: Addressee;
  /** In the order in which it happened. */
  readonly results: readonly DigestResult[];
}

export interface DigestResult {
  readonly kind: ResultKind;
  readonly email: string;
  readonly name?: string;
  /** Of a mail that did not arrive: what was said of it. */
  readonly reply?: string;
}

/** Streams that are read in one call. */
const AT_ONCE = 100;

/** What inviters are told of their invitations. */
export class Digests {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * What an event means to whoever answered for the invitation at that moment.
   *
   * @returns undefined where it tells them nothing: it was of an older mail, about themselves, or they do not want to know
   */
  async entryFor(invitationId: string, kind: ResultKind, eventId: string): Promise<DigestEntry | undefined> {
    const key = parseInvitationId(invitationId);
    if (!key) return undefined;
    const { workspaceId, userId } = key;
    const [workspaceRead, read] = (await this.aggregates.read(workspaceStream(workspaceId), membershipStream(key))) as [
      StreamRead,
      StreamRead,
    ];
    const space = stateOf(workspace, workspaceRead);
    const index = read.events.findIndex(({ id }) => id === eventId);
    const event = read.events[index];
    const state = stateOf(membership, { ...read, events: read.events.slice(0, index + 1) });
    const { invitation } = state;
    if (space.status !== 'open' || !event || invitation?.id !== invitationId) return undefined;
    const at = String(event.metadata['at']);
    const inviterId = invitation.vouchedBy;
    if (!holds(kind, state, at) || inviterId === userId) return undefined;
    const { notifications } = await readAddressee(this.aggregates, workspaceId, space, inviterId);
    return notifications.digests ? { eventId, workspaceId, inviterId, userId, kind, at } : undefined;
  }

  /**
   * What is to be told of these entries: what still holds of them, the newest of each person.
   *
   * @returns undefined where that is nothing, or the inviter may not invite any more, or does not want to know
   */
  async compose(workspaceId: string, inviterId: string, entries: readonly DigestEntry[]): Promise<Digest | undefined> {
    const [workspaceRead] = (await this.aggregates.read(workspaceStream(workspaceId))) as [StreamRead];
    const space = stateOf(workspace, workspaceRead);
    if (space.status !== 'open') return undefined;
    const { addressee, role, notifications } = await readAddressee(this.aggregates, workspaceId, space, inviterId);
    if (!addressee || !voucherMayInvite(role)) return undefined;
    const wanted = entries.filter(({ kind }) =>
      kind === 'renewal' ? notifications.renewalRequests : notifications.digests,
    );
    const results = await this.results(workspaceId, newestOfEach(wanted));
    return results.length === 0 ? undefined : { workspaceId, workspace: space, recipient: addressee, results };
  }

  private async results(workspaceId: string, entries: readonly DigestEntry[]): Promise<DigestResult[]> {
    const results: DigestResult[] = [];
    for (let start = 0; start < entries.length; start += AT_ONCE) {
      const some = entries.slice(start, start + AT_ONCE);
      const reads = await this.aggregates.read(...some.map(({ userId }) => membershipStream({ workspaceId, userId })));
      some.forEach((entry, index) => {
        const result = resultOf(entry, reads[index]?.events ?? []);
        if (result) results.push(result);
      });
    }
    return results;
  }
}

function newestOfEach(entries: readonly DigestEntry[]): DigestEntry[] {
  const inOrder = [...entries].sort((one, other) => (one.at < other.at ? -1 : 1));
  return [...new Map(inOrder.map((entry) => [entry.userId, entry])).values()];
}

function resultOf({ kind, at, eventId }: DigestEntry, events: readonly RecordedEvent[]): DigestResult | undefined {
  const state = stateOf(membership, { stream: '', revision: 'none', events });
  const { name, email } = state;
  if (email === undefined || !holds(kind, state, at)) return undefined;
  const reply = events.find(({ id }) => id === eventId)?.data['reply'];
  return {
    kind,
    email,
    ...(name === undefined ? {} : { name }),
    ...(kind === 'undelivered' && typeof reply === 'string' ? { reply } : {}),
  };
}
