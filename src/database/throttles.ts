import type pg from 'pg';

import type { AllowanceRefusal, AllowanceStanding, Sender, SendingAllowance, Taken } from '../commands/allowance.js';
import { Gather } from '../gather.js';
import type { Logger } from '../logger.js';

/** The most mails in a window of time; undefined: as many as anybody likes. */
export interface ThrottleLimits {
  /** To one recipient, whoever sends. */
  readonly perRecipient?: number | undefined;
  /** To one recipient from one workspace: less, or one workspace alone could keep all others from them. */
  readonly perRecipientInWorkspace?: number | undefined;
  readonly perInviter?: number | undefined;
  readonly perWorkspace?: number | undefined;
  /** As long as they are not so many days old, and for all of one owner together: founding another one must not help. */
  readonly perNewWorkspace?: number | undefined;
  readonly newWorkspaceDays: number;
}

/** Told of every mail that a limit refused. */
export type ThrottleObserver = (limit: string) => void;

const WINDOW_SECONDS = 24 * 60 * 60;
const DAY = 24 * 60 * 60 * 1000;

/** As `mail.take_allowance` has them. */
interface Ask {
  readonly inviter: string;
  readonly workspace: string;
  /** Where the mails of the workspace are counted. */
  readonly account: string;
  readonly recipients: readonly string[];
}

interface Answer {
  readonly at: string;
  readonly refused: readonly (readonly [string, AllowanceRefusal['limit'] | 'recipient-in-workspace', string])[];
  readonly inviter: readonly [number | null, string];
  readonly workspace: readonly [number | null, string];
}

const TAKE = {
  name: 'take_allowance',
  text: `select mail.take_allowance($1, $2, make_interval(secs => ${WINDOW_SECONDS})) as answers`,
};

/** Windows that began since are others than what was taken from. */
const PUT_BACK = {
  name: 'put_back_allowance',
  text: `
    with back as (select * from unnest($1::text[], $2::integer[]) as b (key, count)),
    held as (
      select t.key, back.count from mail.throttles t join back using (key)
      where t.ends_at <= $3::timestamptz + make_interval(secs => ${WINDOW_SECONDS})
      order by t.key for update of t
    )
    update mail.throttles t set used = greatest(0, t.used - held.count) from held where t.key = held.key`,
};

/** Past the limit nothing is counted: whoever keeps asking does not wait longer for it. */
const COUNT = {
  name: 'count_throttled',
  text: `
    insert into mail.throttles as t (key, used, ends_at) values ($1, 1, now() + make_interval(secs => $3))
    on conflict (key) do update set
      used = case when t.ends_at > now() then least(t.used, $2::integer) + 1 else 1 end,
      ends_at = case when t.ends_at > now() then t.ends_at else excluded.ends_at end
    returning used > $2::integer as "isRefused", ceil(extract(epoch from ends_at - now()))::integer as "waitSeconds"`,
};

/** Calls at a time; what is asked for meanwhile goes into the next one. */
const CALLS_IN_FLIGHT = 2;
const LARGEST_CALL = 64;
/** Recipients of all asks in a call. */
const HEAVIEST_CALL = 5_000;

/**
 * Counts mails in Postgres, so that limits hold for all instances together, by one clock. A window begins with the first mail counted in
 * it and lasts a day.
 */
export class Throttles implements SendingAllowance {
  private readonly gather: Gather<Ask, Answer>;

  /** @param pool need not wait for the disk: what is counted is not logged */
  constructor(
    private readonly pool: pg.Pool,
    private readonly limits: ThrottleLimits,
    private readonly logger: Logger,
    private readonly refused: ThrottleObserver = () => {},
  ) {
    this.gather = new Gather({
      send: (asks) => this.send(asks),
      callsInFlight: CALLS_IN_FLIGHT,
      largestCall: LARGEST_CALL,
      heaviestCall: HEAVIEST_CALL,
      weigh: ({ recipients }) => recipients.length,
    });
  }

  /** Counts mails to recipients, as many as the limits let through, the first ones first. */
  async take(sender: Sender, recipientIds: readonly string[]): Promise<Taken> {
    const { userId: inviter, workspaceId: workspace } = sender;
    const { account, limit: workspaceLimit } = this.accountOf(sender);
    const answer = await this.gather.ask({ inviter, workspace, account, recipients: recipientIds });
    for (const [, limit] of answer.refused) this.refused(limit);
    const standing = (back: number): AllowanceStanding => {
      const [left, ends] = answer.inviter;
      const [leftOfWorkspace, endsOfWorkspace] = answer.workspace;
      return {
        ...budgetOf('inviter', this.limits.perInviter, left, back, secondsBetween(answer.at, ends)),
        ...budgetOf('workspace', workspaceLimit, leftOfWorkspace, back, secondsBetween(answer.at, endsOfWorkspace)),
      };
    };
    return {
      refused: new Map(answer.refused.map(([id, limit, until]) => [id, refusalOf(limit, answer.at, until)])),
      standing: standing(0),
      release: async (ids) => standing(await this.putBack(sender, ids, answer.at)),
    };
  }

  /**
   * Counts a sign-in mail to somebody.
   *
   * @returns undefined: it may go; otherwise in how many seconds one may
   */
  async countSignIn(userId: string, { max, seconds }: { max: number; seconds: number }): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ isRefused: boolean; waitSeconds: number }>({
      ...COUNT,
      values: [`sign-in:${userId}`, max, seconds],
    });
    const [counted] = rows;
    return counted?.isRefused ? Math.max(1, counted.waitSeconds) : undefined;
  }

  private accountOf({ workspaceId, workspaceOwnerId, workspaceSince }: Sender) {
    const { perWorkspace, perNewWorkspace, newWorkspaceDays } = this.limits;
    const isNew = Date.now() < Date.parse(workspaceSince) + newWorkspaceDays * DAY;
    return isNew && perNewWorkspace !== undefined
      ? { account: `new:${workspaceOwnerId}`, limit: Math.min(perNewWorkspace, perWorkspace ?? perNewWorkspace) }
      : { account: workspaceId, limit: perWorkspace };
  }

  private async send(asks: readonly Ask[]): Promise<Answer[]> {
    const { perInviter, perWorkspace, perNewWorkspace, perRecipient, perRecipientInWorkspace } = this.limits;
    const perNew = perNewWorkspace && Math.min(perNewWorkspace, perWorkspace ?? perNewWorkspace);
    const limits = [perInviter, perWorkspace, perNew, perRecipient, perRecipientInWorkspace];
    const { rows } = await this.pool.query<{ answers: Answer[] }>({ ...TAKE, values: [JSON.stringify(asks), limits] });
    return rows[0]?.answers ?? [];
  }

  /** @returns how many were put back */
  private async putBack(sender: Sender, recipientIds: readonly string[], takenAt: string): Promise<number> {
    const { userId, workspaceId } = sender;
    const count = recipientIds.length;
    if (count === 0) return 0;
    const keys = recipientIds.flatMap((id) => [`to:${id}`, `to:${id}@${workspaceId}`]);
    const counts = [...keys.map(() => 1), count, count];
    try {
      await this.pool.query({
        ...PUT_BACK,
        values: [[...keys, `by:${userId}`, `in:${this.accountOf(sender).account}`], counts, takenAt],
      });
      return count;
    } catch (error) {
      this.logger.warn({ err: error }, 'what was counted for nothing could not be put back');
      return 0;
    }
  }
}

/** Forgets windows that have ended. Those that somebody is at are left for the next time. @returns how many */
export async function purgeThrottles(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(`
    delete from mail.throttles
    where key in (select key from mail.throttles where ends_at < now() for update skip locked)`);
  return rowCount ?? 0;
}

function budgetOf(
  name: keyof AllowanceStanding,
  limit: number | null | undefined,
  left: number | null,
  back: number,
  resetSeconds: number,
): AllowanceStanding {
  if (typeof limit !== 'number' || left === null) return {};
  const remaining = Math.max(0, left + back);
  return { [name]: { limit, remaining, windowSeconds: WINDOW_SECONDS, resetSeconds } };
}

/** Which of the two limits of a recipient it was is not told: it would say that others write to them too. */
function refusalOf(limit: Answer['refused'][number][1], at: string, until: string): AllowanceRefusal {
  return {
    limit: limit === 'recipient-in-workspace' ? 'recipient' : limit,
    possibleAt: new Date(Math.ceil(Date.parse(until) / 1000) * 1000).toISOString(),
    waitSeconds: secondsBetween(at, until),
  };
}

function secondsBetween(at: string, until: string): number {
  return Math.max(1, Math.ceil((Date.parse(until) - Date.parse(at)) / 1000));
}
