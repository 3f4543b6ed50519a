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
    await sql.raw(TAKE).execute(db);
  },
};

const TAKE = `
  -- Answers asks in their order, each with the recipients that a limit refuses; all others are counted.
  --
  -- asks: [{inviter, workspace, account, workspaceLimit, recipients}], where no ask names a recipient twice; account is where the
  -- mails of the workspace are counted. A limit that is null is none. Of an answer, "refused" has [recipient, limit, until when] each; "inviter" and "workspace" have what is left and until when.
  create function mail.take_allowance(
    asks jsonb, inviter_limit integer, recipient_limit integer, recipient_in_workspace_limit integer, lasting interval
  )
  returns jsonb language plpgsql
  -- Plans are made once per connection, when the table may be small: each key must be looked up whatever its size.
  set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off set jit to off as $$
  declare
    ask jsonb;
    answers jsonb := '[]';
    workspace_limit integer;
    by_inviter mail.throttles;
    by_workspace mail.throttles;
    inviter_left integer;
    workspace_left integer;
    tighter text;
    tighter_ends timestamptz;
    granted text[];
    refused jsonb;
  begin
    -- Every row that is asked about, in one order for everybody: those who take wait for one another, and never in a circle.
    insert into mail.throttles as t (key, used, ends_at)
    select key, 0, clock_timestamp() + lasting
    from (
      select 'by:' || (a ->> 'inviter') from jsonb_array_elements(asks) a
      union
      select 'in:' || (a ->> 'account') from jsonb_array_elements(asks) a
      union
      select 'to:' || id from jsonb_array_elements(asks) a, jsonb_array_elements_text(a -> 'recipients') id
      union
      select 'to:' || id || '@' || (a ->> 'workspace')
      from jsonb_array_elements(asks) a, jsonb_array_elements_text(a -> 'recipients') id
    ) asked (key)
    order by key collate "C"
    on conflict (key) do update set
      used = case when t.ends_at > clock_timestamp() then t.used else 0 end,
      ends_at = case when t.ends_at > clock_timestamp() and t.used > 0 then t.ends_at else excluded.ends_at end;

    for ask in select value from jsonb_array_elements(asks) loop
      workspace_limit := (ask ->> 'workspaceLimit')::integer;
      select * into by_inviter from mail.throttles where key = 'by:' || (ask ->> 'inviter');
      select * into by_workspace from mail.throttles where key = 'in:' || (ask ->> 'account');
      inviter_left := inviter_limit - by_inviter.used;
      workspace_left := workspace_limit - by_workspace.used;
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
          coalesce(everywhere.used >= recipient_limit, false) as is_full_everywhere,
          coalesce(here.used >= recipient_in_workspace_limit, false) as is_full_here
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
