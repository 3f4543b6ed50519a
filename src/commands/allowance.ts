import { type DomainErrorCode, TooSoon } from '../domain/domain-error.js';
import type { Instant } from '../domain/lifetime.js';
import { EventStoreUnavailable } from '../event-store/event-store.js';

/** Whoever is about to cause mails. */
export interface Sender {
  readonly userId: string;
  readonly workspaceId: string;
  /** Whose new workspaces are counted together. */
  readonly workspaceOwnerId: string;
  /** When the workspace was founded: new ones may send less. */
  readonly workspaceSince: Instant;
}

/** What a limit is about: mails to one recipient, by one inviter, of one workspace; in a window of time. */
export type AllowanceLimit = 'recipient' | 'inviter' | 'workspace';

/** How much a limit still lets through. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  /** Of the whole window, and until it ends. */
  readonly windowSeconds: number;
  readonly resetSeconds: number;
}

/** What is left to a sender. Of the recipients nothing is told: it would give away how often others write to them. */
export interface AllowanceStanding {
  /** Absent where there is no such limit. */
  readonly inviter?: Budget;
  readonly workspace?: Budget;
}

/** Why a mail may not be made now. */
export interface AllowanceRefusal {
  readonly limit: AllowanceLimit;
  readonly possibleAt: Instant;
  readonly waitSeconds: number;
}

export interface Taken {
  /** By user id, those whom no mail may be made to. All others are counted. */
  readonly refused: ReadonlyMap<string, AllowanceRefusal>;
  readonly standing: AllowanceStanding;
  /** Gives back what was taken for recipients to whom no mail is made after all. Never fails: the worst is a mail less. */
  release(recipientIds: readonly string[]): Promise<AllowanceStanding>;
}

/** Limits of the mails that people cause, counted in recipients. Beside the log: what was refused or spent is no fact of a workspace. */
export interface SendingAllowance {
  /** @param recipientIds none twice; those first in the list are first to get what is left */
  take(sender: Sender, recipientIds: readonly string[]): Promise<Taken>;
}

export const UNLIMITED: SendingAllowance = {
  take: async () => ({ refused: new Map(), standing: {}, release: async () => ({}) }),
};

/** What holds for whoever causes mails, besides the rules of the domain. */
export interface SendingRules {
  /** Unlimited where it is absent. */
  readonly allowance?: SendingAllowance;
  /** How long after a mail of an invitation the next one may be asked for; no time where it is absent. */
  readonly pauseSeconds?: number;
}

const DETAILS: Readonly<Record<AllowanceLimit, string>> = {
  recipient: 'This person has been sent as many invitations as may be for now.',
  inviter: 'You have sent as many invitations as you may for now.',
  workspace: 'This workspace has sent as many invitations as it may for now.',
};

/** A limit of the mails that people cause is used up. */
export class Throttled extends TooSoon {
  static readonly CODE: DomainErrorCode = 'throttled';
  readonly limit: AllowanceLimit;

  constructor(
    { limit, possibleAt, waitSeconds }: AllowanceRefusal,
    readonly standing: AllowanceStanding,
  ) {
    super(Throttled.CODE, `${DETAILS[limit]} Try again from ${possibleAt} on.`, possibleAt, waitSeconds);
    this.limit = limit;
  }
}

/**
 * Carries out a command that mails one recipient, within what is allowed.
 *
 * @param execute calls `admit` when the command has been decided on, and nothing is written yet; may do so several times
 * @throws Throttled out of `admit`, and whatever `execute` throws
 */
export async function withinAllowance<Outcome extends { readonly written: readonly unknown[] }>(
  allowance: SendingAllowance,
  sender: Sender,
  recipientId: string,
  execute: (admit: () => Promise<void>) => Promise<Outcome>,
): Promise<Outcome & { readonly allowance?: AllowanceStanding }> {
  let taken: Taken | undefined;
  const admit = async (): Promise<void> => {
    taken ??= await allowance.take(sender, [recipientId]);
    const refusal = taken.refused.get(recipientId);
    if (refusal) throw new Throttled(refusal, taken.standing);
  };
  const giveBack = async (): Promise<AllowanceStanding | undefined> =>
    taken?.refused.size === 0 ? taken.release([recipientId]) : undefined;
  try {
    const outcome = await execute(admit);
    const standing = outcome.written.length === 0 ? await giveBack() : taken?.standing;
    return standing ? { ...outcome, allowance: standing } : outcome;
  } catch (error) {
    // Whether something was written is not known then: better one mail less than one too many.
    if (!(error instanceof EventStoreUnavailable)) await giveBack();
    throw error;
  }
}
