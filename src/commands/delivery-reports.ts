import { address } from '../domain/address/address.js';
import type { BounceKind, InvitationEmailBounced, ReportSource } from '../domain/membership/events.js';
import type { MailReference } from '../domain/membership/mail-reference.js';
import { membership } from '../domain/membership/membership.js';
import { addressStream, membershipStream, parseInvitationId } from '../domain/streams.js';
import type { AggregateStore } from './aggregate-store.js';
import { type CommandContext, derivedId } from './command-context.js';

/** That a mail came back, is late, or was complained of, whoever says so and in whatever words. */
export interface DeliveryReport {
  /** Names the report among those of its source: told again, it is the same. */
  readonly id: string;
  readonly reportedBy: ReportSource;
  /** Undefined where the mail is none of ours. */
  readonly mail: MailReference | undefined;
  readonly kind: BounceKind;
  readonly stillTrying?: true;
  readonly enhancedCode?: string;
  /** In one line. */
  readonly reply: string;
}

/** `unmatched`: it is about no mail of this service. */
export type ReportOutcome = 'recorded' | 'unmatched';

/** What became of mails after the mail server had taken them. */
export class DeliveryReports {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Records a report; told again, it changes nothing. A hard bounce or a complaint also ends mails to the address, but a hard
   * bounce does so only while the mail is of concern: not once its invitation was accepted or sent again.
   *
   * @param context its command id is replaced by one that follows from the report
   * @throws StreamConflict, EventStoreUnavailable: tell it again
   */
  async record(report: DeliveryReport, context: Omit<CommandContext, 'commandId'>): Promise<ReportOutcome> {
    const { id, reportedBy, mail, kind, stillTrying, enhancedCode, reply } = report;
    const key = mail && parseInvitationId(mail.invitationId);
    if (!key) return 'unmatched';
    const commandId = derivedId('delivery-report', reportedBy, id, mail.invitationId, mail.issue);
    const ofReport = { ...context, commandId };
    const data: InvitationEmailBounced['data'] = {
      ...mail,
      kind,
      reply,
      reportedBy,
      ...(enhancedCode === undefined ? {} : { enhancedCode }),
      ...(stillTrying === undefined ? {} : { stillTrying }),
    };
    const { written, state } = await this.aggregates.execute(
      membership,
      membershipStream(key),
      { type: 'RecordBounce', ...data },
      ofReport,
    );
    if (written.length === 0) return 'unmatched';
    const { invitation } = state;
    const isOfConcern =
      invitation?.id === mail.invitationId && invitation.issue === mail.issue && invitation.mailEnded !== undefined;
    if (kind === 'complaint' || (kind === 'permanent' && isOfConcern)) {
      const reason = kind === 'complaint' ? 'complaint' : 'hard-bounce';
      const suppress = { type: 'SuppressAddress', reason, reply, ...(enhancedCode && { enhancedCode }) } as const;
      await this.aggregates.execute(address, addressStream(key.userId), suppress, ofReport);
    }
    return 'recorded';
  }
}
