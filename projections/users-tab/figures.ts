import { type Kysely, sql } from 'kysely';

/** The upper ends of what times to acceptance are sorted into, in seconds; the last one has no end. */
export const ACCEPTED_WITHIN = [3_600, 4 * 3_600, 86_400, 3 * 86_400, 7 * 86_400] as const;

export interface InvitationFigures {
  /** What became of the newest invitation of everybody who was invited in that time. */
  readonly outcomes: Readonly<Record<'waiting' | 'accepted' | 'declined' | 'expired' | 'revoked', number>>;
  /** How many were accepted within so many seconds, and not within those of the entry before; null for more. */
  readonly timeToAccept: readonly { readonly within: number | null; readonly invitations: number }[];
  /** Seconds that half of those who accepted took at most; null where nobody has. */
  readonly medianSecondsToAccept: number | null;
}

/**
 * How invitations of all workspaces fare. One pass over the rows of that time.
 *
 * @param since only invitations made from then on
 */
// biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
export async function invitationFigures(db: Kysely<any>, since: Date): Promise<InvitationFigures> {
  const { rows } = await sql<Figures>`
    with invited as (
      select status, joined_at, extract(epoch from joined_at - invited_at)::float8 as seconds
      from users_tab.users where invitation_id is not null and invited_at >= ${since}
    )
    select
      count(*) filter (where joined_at is not null)::int as accepted,
      count(*) filter (where joined_at is null and status = 'waiting')::int as waiting,
      count(*) filter (where joined_at is null and status = 'declined')::int as declined,
      count(*) filter (where joined_at is null and status = 'expired')::int as expired,
      count(*) filter (where joined_at is null and status = 'revoked')::int as revoked,
      percentile_disc(0.5) within group (order by seconds) as median,
      (select json_object_agg(bucket, people) from (
        select width_bucket(seconds, ${[...ACCEPTED_WITHIN]}::float8[]) as bucket, count(*) as people
        from invited where seconds is not null group by bucket
      ) b) as buckets
    from invited`.execute(db);
  const { median, buckets, ...outcomes } = rows[0] as Figures;
  return {
    outcomes,
    timeToAccept: [...ACCEPTED_WITHIN, null].map((within, index) => ({ within, invitations: buckets?.[index] ?? 0 })),
    medianSecondsToAccept: median,
  };
}

type Figures = InvitationFigures['outcomes'] & {
  readonly median: number | null;
  readonly buckets: Readonly<Record<number, number>> | null;
};
