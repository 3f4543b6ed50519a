import type { Pool } from 'pg';

/** Puts so many people who wait into the users tab of a workspace where nobody does, the one after the other a second earlier. */
export async function addPeople(pool: Pool, workspaceId: string, people: number): Promise<void> {
  await pool.query(PEOPLE, [workspaceId, people]);
  await pool.query(`insert into users_tab.counts values ($1, 'waiting', $2)`, [workspaceId, people]);
}

/**
 * Rows as the projection writes them, made in the database: here it is about reading them. Everybody has a name of seven
 * syllables, the same whenever they are made.
 */
const PEOPLE = `
  with people as (
    select i, string_agg(
      (array['an', 'be', 'car', 'da', 'el', 'fi', 'gus', 'ha', 'in', 'jo', 'ka', 'lu', 'mar', 'ni', 'or', 'pe', 'qui',
        'ro', 'sa', 'ti', 'ul', 'vi', 'wan', 'xi', 'ya', 'zo', 'ne', 'ta', 'mi', 'sen', 'ler', 'to'])
      [1 + ('x' || substr(md5(i || '-' || syllable), 1, 4))::bit(16)::integer % 32]
      || case syllable when 3 then ' ' else '' end, '' order by syllable) as name
    from generate_series(1, $2::integer) i, generate_series(1, 7) syllable
    group by i
  )
  insert into users_tab.users (workspace_id, user_id, email, name, role, status, delivery, invitation_id, issue,
    expires_at, invited_by, invited_at, times_invited, updated_at, search, name_key, email_key)
  select $1, md5(i::text), address, initcap(name), 'developer', 'waiting', 'sent', $1 || i, 1,
    now() + interval '7 days', 'owner', now() - i * interval '1 second', 1, now(),
    name || ' ' || address, name, address
  from people, lateral (select replace(name, ' ', '.') || i || '@example.com' as address) addresses`;
