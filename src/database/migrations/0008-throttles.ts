import { type Kysely, type Migration, sql } from 'kysely';

/**
 * How many mails somebody caused, and how many somebody was sent, in a window of time that begins with the first of them. Unlogged: a
 * crash of the database that forgets it begins all windows anew, and flushing it to disk would cost every invitation.
 *
 * Rows are updated over and over and their keys never: with room in its page, a new version of a row needs no entry in the index.
 */
export const throttles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create unlogged table mail.throttles (
        key text collate "C" primary key,
        used integer not null,
        ends_at timestamptz not null
      ) with (fillfactor = 50)`.execute(db);
    await sql.raw(KEYS).execute(db);
    await sql.raw(LIMIT).execute(db);
    await sql.raw(TAKE).execute(db);
  },
};

const KEYS = `
  -- The rows that asks are about, and how much of each all of them together would take.
  create function mail.allowance_keys(asks jsonb) returns table (key text, wanted integer) language sql stable as $$
    select asked.key, sum(asked.wanted)::integer
    from jsonb_array_elements(asks) a
    cross join lateral (
      select 'by:' || (a ->> 'inviter'), jsonb_array_length(a -> 'recipients')
      union all
      select 'in:' || (a ->> 'account'), jsonb_array_length(a -> 'recipients')
      union all
      select 'to:' || id, 1 from jsonb_array_elements_text(a -> 'recipients') id
      union all
      select 'to:' || id || '@' || (a ->> 'workspace'), 1 from jsonb_array_elements_text(a -> 'recipients') id
    ) asked (key, wanted)
    group by asked.key
  $$`;

const LIMIT = `
  -- The limit of a row, null for none. limits: of an inviter, a workspace, an owner's new ones, a recipient, a recipient in a workspace.
  create function mail.allowance_limit(key text, limits integer[]) returns integer language sql immutable as $$
    select case
      when key like 'by:%' then limits[1]
      when key like 'in:new:%' then limits[3]
      when key like 'in:%' then limits[2]
      when key like '%@%' then limits[5]
      else limits[4]
    end
  $$`;

const TAKE = `
  -- Answers asks in their order, each with the recipients that a limit refuses; all others are counted.
  --
  -- asks: [{inviter, workspace, account, recipients}], where no ask names a recipient twice; account is where the mails of the
  -- workspace are counted: its id, or "new:" and its owner's. Of an answer, "refused" has [recipient, limit, until when] each;
  -- "inviter" and "workspace" have what is left, null for no limit, and until when.
  create function mail.take_allowance(asks jsonb, limits integer[], lasting interval)
  returns jsonb language plpgsql
  -- Plans are made once per connection, when the table may be small: each key must be looked up whatever its size.
  set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off set jit to off as $$
  declare
    ask jsonb;
    answers jsonb := '[]';
    is_exceeded boolean;
    by_inviter mail.throttles;
    by_workspace mail.throttles;
    inviter_left integer;
    workspace_left integer;
    tighter text;
    tighter_ends timestamptz;
    granted text[];
    refused jsonb;
  begin
    -- Most often there is enough of everything: then all is counted at once. The rows are locked in one order by everybody: those who
    -- take wait for one another, and never in a circle. Nobody else sees what is counted before it is known to be allowed.
    with counted as (
      insert into mail.throttles as t (key, used, ends_at)
      select k.key, k.wanted, clock_timestamp() + lasting from mail.allowance_keys(asks) k order by k.key collate "C"
      on conflict (key) do update set
        used = case when t.ends_at > clock_timestamp() then t.used else 0 end + excluded.used,
        ends_at = case when t.ends_at > clock_timestamp() and t.used > 0 then t.ends_at else excluded.ends_at end
      returning t.key, t.used
    )
    select coalesce(bool_or(c.used > mail.allowance_limit(c.key, limits)), false) into is_exceeded from counted c;

    if not is_exceeded then
      select jsonb_agg(jsonb_build_object(
        'at', clock_timestamp(),
        'refused', '[]'::jsonb,
        'inviter', jsonb_build_array(mail.allowance_limit(i.key, limits) - i.used, i.ends_at),
        'workspace', jsonb_build_array(mail.allowance_limit(w.key, limits) - w.used, w.ends_at)
      ) order by a.number)
      into answers
      from jsonb_array_elements(asks) with ordinality a (ask, number)
      join mail.throttles i on i.key = 'by:' || (a.ask ->> 'inviter')
      join mail.throttles w on w.key = 'in:' || (a.ask ->> 'account');
      return answers;
    end if;

    update mail.throttles t set used = t.used - k.wanted from mail.allowance_keys(asks) k where t.key = k.key;
    for ask in select value from jsonb_array_elements(asks) loop
      select * into by_inviter from mail.throttles where key = 'by:' || (ask ->> 'inviter');
      select * into by_workspace from mail.throttles where key = 'in:' || (ask ->> 'account');
      inviter_left := mail.allowance_limit(by_inviter.key, limits) - by_inviter.used;
      workspace_left := mail.allowance_limit(by_workspace.key, limits) - by_workspace.used;
      if workspace_left is null or inviter_left < workspace_left
        or (inviter_left = workspace_left and by_inviter.ends_at > by_workspace.ends_at) then
        tighter := 'inviter';
        tighter_ends := by_inviter.ends_at;
      else
        tighter := 'workspace';
        tighter_ends := by_workspace.ends_at;
      end if;

      with asked as (
        select a.id, a.number, everywhere.ends_at as everywhere_ends, here.ends_at as here_ends,
          coalesce(everywhere.used >= mail.allowance_limit(everywhere.key, limits), false) as is_full_everywhere,
          coalesce(here.used >= mail.allowance_limit(here.key, limits), false) as is_full_here
        from jsonb_array_elements_text(ask -> 'recipients') with ordinality a (id, number)
        join mail.throttles everywhere on everywhere.key = 'to:' || a.id
        join mail.throttles here on here.key = 'to:' || a.id || '@' || (ask ->> 'workspace')
      ), judged as (
        select *,
          case
            when is_full_here and not (is_full_everywhere and everywhere_ends > here_ends) then 'recipient-in-workspace'
            when is_full_everywhere then 'recipient'
            -- Where neither sender nor workspace has a limit, this compares with null, and nobody is refused.
            when count(*) filter (where not is_full_everywhere and not is_full_here) over (order by number)
              > least(inviter_left, workspace_left) then tighter
          end as refused_by
        from asked
      )
      select
        coalesce(array_agg(id) filter (where refused_by is null), '{}'),
        coalesce(jsonb_agg(jsonb_build_array(id, refused_by, case refused_by
          when 'recipient' then everywhere_ends
          when 'recipient-in-workspace' then here_ends
          else tighter_ends
        end) order by number) filter (where refused_by is not null), '[]')
      into granted, refused
      from judged;

      update mail.throttles set used = used + 1
      where key = any (array(
        select 'to:' || id from unnest(granted) id
        union all
        select 'to:' || id || '@' || (ask ->> 'workspace') from unnest(granted) id
      ));
      update mail.throttles set used = used + cardinality(granted) where key = any (array[by_inviter.key, by_workspace.key]);

      answers := answers || jsonb_build_object(
        'at', clock_timestamp(),
        'refused', refused,
        'inviter', jsonb_build_array(inviter_left - cardinality(granted), by_inviter.ends_at),
        'workspace', jsonb_build_array(workspace_left - cardinality(granted), by_workspace.ends_at)
      );
    end loop;
    return answers;
  end $$`;
