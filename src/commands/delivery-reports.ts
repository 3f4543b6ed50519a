import { address } from '../domain/address/address.js';
import type { RecordBounce, RecordDelivery } from '../domain/membership/commands.js';
import type { BounceKind, ReportSource } from '../domain/membership/events.js';
import type { NamedMail } from '../domain/membership/mail-reference.js';
import { membership } from '../domain/membership/membership.js';
import { addressStream, type MembershipKey, membershipStream, parseInvitationId } from '../domain/streams.js';
import type { AggregateStore } from './aggregate-store.js';
import { type CommandContext, derivedId } from './command-context.js';

/** That a mail arrived, came back, is late, or was complained of, whoever says so and in whatever words. */
export interface DeliveryReport {
  /** Names the report among those of its source: told again, it is the same. */
  readonly id: string;
  readonly reportedBy: ReportSource;
  /** Undefined where the mail is none of ours. */
  readonly mail: NamedMail['mail'] | undefined;
  /** Whether something proves that who reports it handled the mail: a provider's signature, or the proof that went with the mail. */
  readonly isProven: boolean;
  readonly kind: ReportKind;
  readonly stillTrying?: true;
  readonly enhancedCode?: string;
  /** In one line. */
  readonly reply: string;
}

export type ReportKind = BounceKind | 'delivered';

/** `unproven`: it is recorded, and nothing else. `unmatched`: it is about no mail of this service. */
export type ReportOutcome = 'recorded' | 'unproven' | 'unmatched';

const REPORTER = { type: 'service', id: 'delivery-reports' } as const;

/** Learns of every report that was dealt with. */
export type ReportObserver = (report: DeliveryReport, outcome: ReportOutcome) => void;

/** What became of mails after the mail server had taken them. */
export class DeliveryReports {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Records reports that came together, one after the other.
   *
   * @param correlationId of what they came with
   * @returns how many of them had each outcome
   * @throws StreamConflict, EventStoreUnavailable: tell them all again
   */
  async recordAll(
    reports: readonly DeliveryReport[],
    { correlationId, now }: Pick<CommandContext, 'correlationId' | 'now'>,
    observe: ReportObserver,
  ): Promise<Record<ReportOutcome, number>> {
    const told = { recorded: 0, unproven: 0, unmatched: 0 };
    for (const report of reports) {
      const outcome = await this.record(report, { correlationId, now, actor: REPORTER });
      observe(report, outcome);
      told[outcome]++;
    }
    return told;
  }

  /**
   * Records a report; told again, it changes nothing. A hard bounce or a complaint also ends mails to the address, but a hard
   * bounce does so only while the mail is of concern: not once its invitation was accepted or sent again. What nothing proves
   * ends no mails: who is in a workspace knows the names of all its mails, and could keep an address from everybody's.
   *
   * @param context its command id is replaced by one that follows from the report
   * @throws StreamConflict, EventStoreUnavailable: tell it again
   */
  async record(report: DeliveryReport, context: Omit<CommandContext, 'commandId'>): Promise<ReportOutcome> {
    const { id, reportedBy, mail, isProven, kind, stillTrying, enhancedCode, reply } = report;
    if (!mail) return 'unmatched';
    if ('noticeTo' in mail) return this.recordOfNotice(mail.noticeTo, report, context);
    const key = parseInvitationId(mail.invitationId);
    if (!key) return 'unmatched';
    // What can be made up is recorded once for each mail and kind: or whoever makes it up fills the log.
    const about = isProven
      ? [reportedBy, id]
      : ['unproven', kind, String(stillTrying), String(mail.attempt), mail.mail ?? ''];
    const commandId = derivedId('delivery-report', ...about, mail.invitationId, mail.issue);
    const ofReport = { ...context, commandId };
    const said = { ...mail, reply, reportedBy, ...(enhancedCode === undefined ? {} : { enhancedCode }) };
    if (kind === 'delivered') {
      // Made up, it would hide that a mail did not arrive.
      if (!isProven) return 'unproven';
      const { written } = await this.recordIn(key, { type: 'RecordDelivery', ...said }, ofReport);
      return written.length === 0 ? 'unmatched' : 'recorded';
    }
    const bounce: RecordBounce = {
      type: 'RecordBounce',
      ...said,
      kind,
      ...(stillTrying === undefined ? {} : { stillTrying }),
      ...(isProven ? {} : { unproven: true }),
    };
    const { written, state } = await this.recordIn(key, bounce, ofReport);
    if (written.length === 0) return 'unmatched';
    if (!isProven) return 'unproven';
    const { invitation } = state;
    const isOfConcern =
      invitation?.id === mail.invitationId && invitation.issue === mail.issue && invitation.mailEnded !== undefined;
    if (kind === 'complaint' || (kind === 'permanent' && isOfConcern)) {
      await this.suppress(key.userId, report, ofReport);
    }
    return 'recorded';
  }

  /** A notice has no history of its own: all that its fate says is whether its reader can be mailed. */
  private async recordOfNotice(
    userId: string,
    report: DeliveryReport,
    context: Omit<CommandContext, 'commandId'>,
  ): Promise<ReportOutcome> {
    const { id, reportedBy, isProven, kind } = report;
    if (!isProven) return 'unproven';
    if (kind === 'complaint' || kind === 'permanent') {
      const commandId = derivedId('delivery-report', reportedBy, id, 'notice', userId);
      await this.suppress(userId, report, { ...context, commandId });
    }
    return 'recorded';
  }

  private async suppress(
    userId: string,
    { kind, reply, enhancedCode }: DeliveryReport,
    context: CommandContext,
  ): Promise<void> {
    const reason = kind === 'complaint' ? 'complaint' : 'hard-bounce';
    const suppress = { type: 'SuppressAddress', reason, reply, ...(enhancedCode && { enhancedCode }) } as const;
    await this.aggregates.execute(address, addressStream(userId), suppress, context);
  }

  private recordIn(key: MembershipKey, command: RecordDelivery | RecordBounce, context: CommandContext) {
    return this.aggregates.execute(membership, membershipStream(key), command, context);
  }
}
