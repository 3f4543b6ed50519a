import type pg from 'pg';

export interface MailRates {
  /** Mails a second, of all instances together; undefined for as fast as the mail server takes them. */
  readonly perSecond?: number;
  /** The same for each domain that mails go to. */
  readonly perDomain?: number;
}

/** A moment that is kept for one mail: it need not queue again for what this is about. */
export interface MailSlot {
  readonly of: 'all' | 'domain';
  readonly at: string;
}

/** How long a moment is kept that passed, in seconds: what comes later, after an outage say, queues anew, or all would go at once. */
const KEPT_SECONDS = 30;

/** So much of a second's rate may go at once; the queue looks for jobs that have become due no more often either. */
const BURST_SECONDS = 1;

/** Of what is past there is nothing to wait for. */
const TAKE_SLOT = `
  insert into mail.pace as p (key, next_at) values ($1, now() + $2::float8 * interval '1 second')
  on conflict (key) do update set next_at = greatest(p.next_at, now()) + $2::float8 * interval '1 second'
  returning next_at - $2::float8 * interval '1 second' as at,
    next_at - $2::float8 * interval '1 second' > now() + $3::float8 * interval '1 second' as "isLater"`;

/**
 * Hands out moments at which mails may go, so that no more than so many do in a second. They are handed out in Postgres: the rates hold for
 * all instances together, by one clock. A mail gets a moment for its domain first, and one for all mails only when that has come, or
 * the mails to one slow domain would use up the rate of all others.
 */
export class MailPace {
  constructor(
    private readonly pool: pg.Pool,
    private readonly rates: MailRates,
  ) {}

  /**
   * Whether a mail may go now.
   *
   * @param slot what it was given the last time
   * @returns undefined: now. Otherwise what it is to come back at, and with
   */
  async wait(domain: string, slot?: MailSlot): Promise<MailSlot | undefined> {
    const { perSecond, perDomain } = this.rates;
    if (perSecond === undefined && perDomain === undefined) return undefined;
    const has = slot && (await this.isKept(slot)) ? slot.of : undefined;
    if (perDomain !== undefined && has === undefined) {
      const at = await this.take(`@${domain.toLowerCase()}`, perDomain);
      if (at !== undefined) return { of: 'domain', at };
    }
    if (perSecond !== undefined && has !== 'all') {
      const at = await this.take('all', perSecond);
      if (at !== undefined) return { of: 'all', at };
    }
    return undefined;
  }

  /** Counts a mail that does not wait. */
  async count(domain: string): Promise<void> {
    const { perSecond, perDomain } = this.rates;
    if (perDomain !== undefined) await this.take(`@${domain.toLowerCase()}`, perDomain);
    if (perSecond !== undefined) await this.take('all', perSecond);
  }

  private async take(key: string, rate: number): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ at: string; isLater: boolean }>(TAKE_SLOT, [key, 1 / rate, BURST_SECONDS]);
    return rows[0]?.isLater ? rows[0].at : undefined;
  }

  private async isKept({ at }: MailSlot): Promise<boolean> {
    const { rows } = await this.pool.query<{ isKept: boolean }>(
      `select $1::timestamptz + $2::float8 * interval '1 second' > now() as "isKept"`,
      [at, KEPT_SECONDS],
    );
    return rows[0]?.isKept ?? false;
  }
}

/** Forgets domains that no mail waits for. @returns how many */
export async function purgeMailPace(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query('delete from mail.pace where next_at < now()');
  return rowCount ?? 0;
}
