import type { Core } from '../../src/core.js';
import { attemptName, namedMails } from '../../src/domain/membership/mail-reference.js';
import { invitationId, type MembershipKey, membershipStream } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { Mailing } from '../support/mailing.js';
import type { Copy, Mood, MoodyServer } from '../support/moody-server.js';

/** Somebody who was invited once. */
export interface Mailed extends MembershipKey {
  readonly email: string;
}

export interface Account {
  readonly sent: number;
  readonly failed: number;
  /** Attempts after which there was to be another one. */
  readonly deferred: number;
  /** Attempts as `/metrics` tells them. */
  readonly attempts: number;
  /**
   * Mails of which log, users tab and server do not say one and the same, or of which the log does not say one outcome; and
   * one more for each outcome that `/metrics` counts otherwise.
   */
  readonly unaccounted: number;
  /** Mails of which the server has more than one copy. */
  readonly copied: number;
  /** Of those, the ones it has without having kept an answer from us, or under another Message-ID. */
  readonly otherwiseCopied: number;
}

/** Compares, for every mail, what each part says became of it. */
export async function accountFor(
  core: Core,
  people: readonly Mailed[],
  server: MoodyServer,
  mailing: Mailing,
  moodOf: (to: string, nth: number) => Mood,
): Promise<Account> {
  const copies = new Map<string, Copy[]>();
  for (const copy of server.copies) copies.set(copy.to, [...(copies.get(copy.to) ?? []), copy]);
  const shown = await shownDeliveries(core);
  const total = { sent: 0, failed: 0, deferred: 0, unaccounted: 0, copied: 0, otherwiseCopied: 0 };
  for (let from = 0; from < people.length; from += 500) {
    const chunk = people.slice(from, from + 500);
    const reads = await core.store.readStreams(chunk.map(membershipStream));
    for (const [index, person] of chunk.entries()) {
      const { email, userId } = person;
      const came = copies.get(email) ?? [];
      const events = reads[index]?.events ?? [];
      const outcome = outcomeOf(events);
      if (outcome) total[outcome]++;
      total.deferred += events.filter(({ type }) => type === 'InvitationEmailDeferred').length;
      const isTrue = outcome === (came.some(isTold) ? 'sent' : 'failed');
      if (!outcome || !isTrue || shown.get(userId) !== outcome) total.unaccounted++;
      if (came.length > 1) total.copied++;
      if (!areOneMail(came, person, mailing) || came.filter(isTold).length > 1) {
        total.otherwiseCopied++;
      }
    }
  }
  const metrics = await core.metrics.text();
  const counted = (outcome: string) => figure(metrics, `mails_total{kind="invitation",outcome="${outcome}"}`);
  const otherwise = (['sent', 'failed', 'deferred'] as const).filter((outcome) => counted(outcome) !== total[outcome]);
  const attempts = figure(metrics, 'mail_attempts_total{kind="invitation"}');
  return { ...total, attempts, unaccounted: total.unaccounted + otherwise.length };

  /** Whether the server answered this copy; each has the number of the try at its address that brought it. */
  function isTold({ to, nth }: Copy): boolean {
    return moodOf(to, nth) === 'takes';
  }
}

/** A figure by its name and labels as they stand in the text of the metrics, 0 where it has none. */
function figure(metrics: string, name: string): number {
  const line = metrics.split('\n').find((line) => line.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

/** The one outcome that the log tells, if every attempt has one, they count from 1, and only the last is final. */
function outcomeOf(events: readonly RecordedEvent[]): 'sent' | 'failed' | undefined {
  const mails = events.filter(({ type }) => type.startsWith('InvitationEmail'));
  const isInOrder = mails.every(({ type, data }, index) => {
    if (data['attempt'] !== Math.floor(index / 2) + 1) return false;
    if (index % 2 === 0) return type === 'InvitationEmailAttempted';
    return index === mails.length - 1 || type === 'InvitationEmailDeferred';
  });
  if (!isInOrder) return undefined;
  const last = mails.at(-1)?.type;
  if (last === 'InvitationEmailSent') return 'sent';
  return last === 'InvitationEmailFailed' ? 'failed' : undefined;
}

/** Whether copies are one mail to its reader, and each of an attempt of its own. */
function areOneMail(copies: readonly Copy[], person: Mailed, { mails }: Mailing): boolean {
  const link = { invitationId: invitationId(person, 1), issue: 1 };
  const attempts = new Set(copies.map((copy) => copy.attemptId));
  return (
    attempts.size === copies.length &&
    copies.every(({ messageId, attemptId: id }) => {
      const [mail] = namedMails({ attemptIds: [id] });
      const attempt = mail && 'attempt' in mail.mail ? mail.mail.attempt : undefined;
      return (
        messageId === mails.messageIdOf(link) &&
        id === attemptName({ ...link, attempt: attempt ?? 0 }, mail?.proof ?? '')
      );
    })
  );
}

async function shownDeliveries({ pool }: Core): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ user_id: string; delivery: string }>(
    'select user_id, delivery from users_tab.users where delivery is not null',
  );
  return new Map(rows.map(({ user_id, delivery }) => [user_id, delivery]));
}
