import type { Suppressions } from '../commands/suppressions.js';
import type { MailPace } from '../database/mail-pace.js';
import { after, type Instant } from '../domain/lifetime.js';
import { EMAIL_PATIENCE_SECONDS } from '../domain/membership/mailing.js';
import type { Logger } from '../logger.js';
import type { Circuit } from '../mail/circuit.js';
import type { MailOutcome } from '../mail/mailer.js';
import type { Job, NoticeTries } from './jobs.js';
import { domainOf } from './mail-issue.js';
import type { MailKind, MailObserver } from './mail-observer.js';
import { nextAttemptAt, type Pauses } from './retry.js';

/** A mail that tells somebody what happened. Its fate is in no users tab: it is worth a day's tries, and no more. */
export interface Notice {
  readonly kind: Exclude<MailKind, 'invitation' | 'reminder' | 'sign-in'>;
  readonly to: { readonly userId: string; readonly email: string };
  /** Names it in logs. */
  readonly id: string;
  readonly tries: NoticeTries;
  /** The job that looks at it again. */
  again(tries: NoticeTries, runAt: Instant): Job;
  send(): Promise<MailOutcome>;
}

/** What sending notices takes. */
export interface NoticeSending {
  readonly suppressions: Pick<Suppressions, 'of'>;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly observer: MailObserver;
  readonly circuit: Pick<Circuit, 'waitUntil'>;
  readonly pace: Pick<MailPace, 'wait'>;
  readonly putOff: (job: Job) => Promise<void>;
  readonly pauses?: Pauses;
}

/** `waits`: it is in the queue again. */
export type NoticeOutcome = 'sent' | 'failed' | 'suppressed' | 'waits';

/** Sends a notice, or puts it off: while the mail server cannot be used, for the rate, or because it was deferred. */
export async function sendNotice(sending: NoticeSending, notice: Notice): Promise<NoticeOutcome> {
  const { suppressions, now, logger, observer, circuit, pace, putOff, pauses } = sending;
  const { kind, to, id, tries } = notice;
  const { since = now().toISOString(), times = 0 } = tries.tried ?? {};
  const end = after(since, EMAIL_PATIENCE_SECONDS);

  const notBefore = circuit.waitUntil();
  if (notBefore && times > 0 && now().toISOString() >= end) return ended('failed');
  if (notBefore) {
    observer.mailPutOff(kind, 'circuit');
    await putOff(notice.again(tries, notBefore.toISOString()));
    return 'waits';
  }
  if (await suppressions.of(to.userId)) return ended('suppressed');
  const slot = await pace.wait(domainOf(to.email), tries.slot);
  if (slot) {
    observer.mailPutOff(kind, 'rate');
    await putOff(notice.again({ ...tries, slot }, slot.at));
    return 'waits';
  }
  observer.mailAttempted(kind);
  const { outcome, code, enhancedCode } = await notice.send();
  if (outcome !== 'deferred') return ended(outcome, { code, enhancedCode });
  const next = nextAttemptAt(times + 2, since, now(), pauses && { pauses });
  if (next >= end) return ended('failed', { code, enhancedCode });
  observer.mail(kind, 'deferred');
  await putOff(notice.again({ tried: { since, times: times + 1 } }, next));
  return 'waits';

  /** What the server said stays out of the log: it may name the address. */
  function ended(as: Exclude<NoticeOutcome, 'waits'>, said: object = {}): NoticeOutcome {
    observer.mail(kind, as);
    if (as !== 'sent') logger.warn({ kind, id, outcome: as, ...said }, 'a notice does not reach its recipient');
    return as;
  }
}
