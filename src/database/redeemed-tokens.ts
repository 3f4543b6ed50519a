import type pg from 'pg';

/** Tokens that are good for one use, and were used. */
export class RedeemedTokens {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Uses a token up.
   *
   * @param commandId of the request that uses it: the same request may come again
   * @returns whether it was there to be used
   */
  async redeem(tokenId: string, commandId: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `insert into http.redeemed_tokens as t (id, redeemed_by, expires_at) values ($1, $2, $3)
       on conflict (id) do update set redeemed_by = excluded.redeemed_by where t.redeemed_by = excluded.redeemed_by`,
      [tokenId, commandId, expiresAt],
    );
    return rowCount === 1;
  }

  /** Takes back that a request used a token up, which then could not do what the token is for. */
  async restore(tokenId: string, commandId: string): Promise<void> {
    await this.pool.query('delete from http.redeemed_tokens where id = $1 and redeemed_by = $2', [tokenId, commandId]);
  }

  /** Which of these tokens were used up, by whatever request. */
  async redeemedOf(tokenIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<{ id: string }>('select id from http.redeemed_tokens where id = any($1)', [
      tokenIds,
    ]);
    return new Set(rows.map(({ id }) => id));
  }
}

/** Forgets tokens that have expired, which no use can follow any more. @returns how many */
export async function purgeRedeemedTokens(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from http.redeemed_tokens where expires_at < now() - interval '1 hour'`,
  );
  return rowCount ?? 0;
}
