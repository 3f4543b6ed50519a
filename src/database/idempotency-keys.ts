import type pg from 'pg';

/** A request that carries an idempotency key, as it is kept: neither the key nor the request can be read from it. */
export interface KeyedRequest {
  /** Names the key of this caller for this operation. */
  readonly id: Buffer;
  /** The same for the same request, different for another one under the same key. */
  readonly fingerprint: Buffer;
}

/** What is to be done with a keyed request. */
export type Claim =
  /** It is the caller's to work on, for the first time or where an earlier attempt was cut off. */
  | { readonly status: 'claimed'; readonly commandId: string }
  | { readonly status: 'answered'; readonly answer: Buffer }
  | { readonly status: 'in-flight' }
  /** Another request used the key before. */
  | { readonly status: 'reused' };

/** How long a key is kept, in hours. */
export const KEY_HOURS = 24;

/** A claim ends by itself after this long, in seconds: its holder may have lost the database when it let go. */
const CLAIM_SECONDS = 120;

/**
 * Makes the key, or takes over one whose request is neither answered nor worked on: its worker let go, is this very
 * instance (which knows what it works on), or is dead, as `liveness.ts` tells it.
 */
const CLAIM = `
  insert into http.idempotency_keys as k (id, fingerprint, command_id, worker)
  values ($1, $2, $3, $4)
  on conflict (id) do update set worker = excluded.worker, claimed_at = now()
    where k.answer is null and k.fingerprint = excluded.fingerprint
      and (k.worker is null
        or k.worker = excluded.worker
        or k.claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS})
        or pg_try_advisory_xact_lock(hashtextextended(k.worker, 7)))
  returning command_id`;

/**
 * Which requests were made under which idempotency key, and what they were answered.
 *
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export class IdempotencyKeys {
  /** What this instance works on now, by id: the fingerprint. */
  private readonly underWay = new Map<string, Buffer>();

  /** @param instanceId the name under which `Liveness` announces this instance */
  constructor(
    private readonly pool: pg.Pool,
    private readonly instanceId: string,
  ) {}

  /** @param newCommandId the id of the command, should it be a new one: it stays the same until the key is gone */
  async claim({ id, fingerprint }: KeyedRequest, newCommandId: string): Promise<Claim> {
    const name = id.toString('base64');
    const own = this.underWay.get(name);
    if (own) return { status: own.equals(fingerprint) ? 'in-flight' : 'reused' };
    this.underWay.set(name, fingerprint);
    let claimed = false;
    try {
      const { rows } = await this.pool.query<{ command_id: string }>({
        name: 'claim_idempotency_key',
        text: CLAIM,
        values: [id, fingerprint, newCommandId, this.instanceId],
      });
      const [row] = rows;
      if (!row) return await this.standing({ id, fingerprint });
      claimed = true;
      return { status: 'claimed', commandId: row.command_id };
    } finally {
      if (!claimed) this.underWay.delete(name);
    }
  }

  /** Keeps the answer, for whoever sends the request again. */
  async answer({ id }: KeyedRequest, commandId: string, answer: Buffer): Promise<void> {
    await this.settle(id, 'answer = coalesce(answer, $3), worker = null', [commandId, answer]);
  }

  /** Lets go without an answer: the next attempt carries on where this one stopped. */
  async release({ id }: KeyedRequest, commandId: string): Promise<void> {
    await this.settle(id, 'worker = null', [commandId]);
  }

  private async settle(id: Buffer, change: string, values: readonly unknown[]): Promise<void> {
    try {
      await this.pool.query(`update http.idempotency_keys set ${change} where id = $1 and command_id = $2`, [
        id,
        ...values,
      ]);
    } finally {
      this.underWay.delete(id.toString('base64'));
    }
  }

  private async standing({ id, fingerprint }: KeyedRequest): Promise<Claim> {
    const { rows } = await this.pool.query<{ fingerprint: Buffer; answer: Buffer | null }>(
      'select fingerprint, answer from http.idempotency_keys where id = $1',
      [id],
    );
    const [row] = rows;
    if (row && !row.fingerprint.equals(fingerprint)) return { status: 'reused' };
    return row?.answer ? { status: 'answered', answer: row.answer } : { status: 'in-flight' };
  }
}

/** Forgets keys older than a day. @returns how many */
export async function purgeIdempotencyKeys(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from http.idempotency_keys where created_at < now() - make_interval(hours => ${KEY_HOURS})`,
  );
  return rowCount ?? 0;
}
