/**
 * The functions that all access goes through: each a call with one round trip, and a transaction by itself. They belong to
 * the first version of the schema, and are not changed where they stand: a later version replaces them.
 */

/** Key of the advisory lock that orders appends; Postgres keeps such keys per database. */
const APPEND_LOCK = 0x4576_656e_7453_0001n;

/** The channel on which every append tells the new head of the log, in decimal. */
export const HEAD_CHANNEL = 'event_store_head';

/**
 * Functions plan each statement once per connection. Without these settings, a plan made while the table was small would
 * read all of it, and be kept while the table grows; or the planner would start its compiler for a few rows.
 */
const PLANNING = 'set plan_cache_mode to force_generic_plan set enable_seqscan to off set jit to off';

/** The columns of an event, of a table that is called `e`. */
export const EVENT = 'e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';
const EVENT_TYPES = '"position" bigint, stream text, revision bigint, id uuid, type text, data json, metadata json';

export const APPEND = `
  -- Appends to any number of streams. Each append is taken or refused by itself and answered in its place.
  --
  -- expected_revisions: -1 no events, -2 any revision. The events of all appends follow one another in the last four
  -- arrays of events; event_counts tells how many belong to each append. An append is refused when one of the streams that
  -- it is given, a range of the last two arrays that it may share with others, is at another revision (-1 again for one
  -- without events). conflict names the stream that stood in the way, at_revision where it is; null: the append was taken.
  --
  -- The lock is held until the transaction ends, so that positions have no gap and become visible in their order: who
  -- reads all positions up to one will never find another event below it.
  create function event_store.append(
    streams text[], expected_revisions bigint[], event_counts integer[],
    ids uuid[], types text[], data json[], metadata json[],
    given_firsts integer[], given_counts integer[], given_streams text[], given_revisions bigint[]
  )
  returns table (conflict text, at_revision bigint, at_position bigint)
  language plpgsql ${PLANNING} as $$
  declare
    asked record;
    head_before bigint;
    head bigint;
    actual bigint;
    first_event integer := 1;
    last_event integer;
    given_checked integer;
    given_conflict text;
    given_at bigint;
    known_events integer;
    known_revision bigint;
  begin
    perform pg_advisory_xact_lock(${APPEND_LOCK});
    select coalesce(max(e.position), 0) into head from event_store.events e;
    head_before := head;

    for asked in
      select * from unnest(streams, expected_revisions, event_counts, given_firsts, given_counts)
        as a (stream, expected, events, given_first, given_count)
    loop
      last_event := first_event + asked.events - 1;
      conflict := null;
      select coalesce(max(e.revision), -1) into actual from event_store.events e where e.stream = asked.stream;

      -- Events that an earlier try of this append has stored.
      known_events := 0;
      if asked.expected = -2 and actual >= 0 then
        select count(distinct e.id), max(e.revision) into known_events, known_revision
        from event_store.events e
        where e.stream = asked.stream and e.id = any (ids[first_event:last_event]);
      elsif asked.expected between -1 and actual - 1 then
        known_revision := asked.expected + asked.events;
        select count(*) into known_events
        from unnest(ids[first_event:last_event]) with ordinality as a (id, number)
        join event_store.events e
          on e.stream = asked.stream and e.revision = asked.expected + a.number and e.id = a.id;
      end if;

      if asked.given_count > 0 and known_events < asked.events then
        -- What the append before was given need not be looked at again.
        if given_checked is distinct from asked.given_first then
          given_conflict := null;
          for number in asked.given_first..asked.given_first + asked.given_count - 1 loop
            select coalesce(max(e.revision), -1) into given_at
            from event_store.events e where e.stream = given_streams[number];
            if given_at <> given_revisions[number] then
              given_conflict := given_streams[number];
              exit;
            end if;
          end loop;
          given_checked := asked.given_first;
        end if;
        conflict := given_conflict;
        at_revision := given_at;
      end if;

      if conflict is not null then
        at_position := null;
      elsif known_events = asked.events then
        at_revision := known_revision;
        select e.position into at_position
        from event_store.events e where e.stream = asked.stream and e.revision = known_revision;
      elsif known_events = 0 and asked.expected in (actual, -2) then
        if asked.events = 1 then
          -- By far the most frequent append, and twice as fast without taking the arrays apart.
          insert into event_store.events (position, stream, revision, id, type, data, metadata)
          values (
            head + 1, asked.stream, actual + 1,
            ids[first_event], types[first_event], data[first_event], metadata[first_event]
          );
        else
          insert into event_store.events (position, stream, revision, id, type, data, metadata)
          select head + a.number, asked.stream, actual + a.number, a.id, a.type, a.data, a.metadata
          from unnest(
            ids[first_event:last_event], types[first_event:last_event],
            data[first_event:last_event], metadata[first_event:last_event]
          ) with ordinality as a (id, type, data, metadata, number);
        end if;
        head := head + asked.events;
        if asked.stream = any (given_streams) then
          given_checked := null;
        end if;
        at_revision := actual + asked.events;
        at_position := head;
      else
        conflict := asked.stream;
        at_revision := actual;
        at_position := null;
      end if;
      return next;
      first_event := last_event + 1;
    end loop;

    if head > head_before then
      perform pg_notify('${HEAD_CHANNEL}', head::text);
    end if;
  end
  $$;
`;

export const READ = `
  -- Reads streams, each from a revision on; number counts them from 1. A stream's last event comes even where it is
  -- before that revision, for its own revision.
  create function event_store.read(streams text[], from_revisions bigint[])
  returns table (number bigint, ${EVENT_TYPES})
  language plpgsql stable ${PLANNING} as $$
  #variable_conflict use_column
  begin
    return query
    select asked.number, ${EVENT}
    from unnest(streams, from_revisions) with ordinality as asked (stream, revision, number)
    cross join lateral (
      select * from event_store.events e
      where e.stream = asked.stream
        and e.revision >= case when asked.revision = 0 then 0 else least(
          asked.revision,
          (select max(last.revision) from event_store.events last where last.stream = asked.stream)
        ) end
    ) e
    order by asked.number, e.revision;
  end
  $$;
`;

export const READ_WINDOW = `
  -- Reads the events behind a position, of streams with one of the prefixes: those among the next positions, and of
  -- those only as many as reach a number of bytes (as stored: compressed, if large). At least one row comes, with the
  -- head of the log at the same moment; stored_bytes adds up from row to row, and is null where there is no event.
  create function event_store.read_window(after bigint, prefixes text[], positions integer, bytes bigint)
  returns table (head bigint, stored_bytes bigint, ${EVENT_TYPES})
  language plpgsql stable ${PLANNING} as $$
  #variable_conflict use_column
  begin
    return query
    select log.head, e.bytes_before + e.own_bytes, ${EVENT}
    from (select coalesce(max(position), 0) as head from event_store.events) log
    left join (
      select *, sum(e.own_bytes) over (order by e.position)::bigint - e.own_bytes as bytes_before
      from (
        select *, pg_column_size(e.data) + pg_column_size(e.metadata) as own_bytes
        from event_store.events e
        where e.position > after and e.position <= after + positions and e.stream ^@ any (prefixes)
      ) e
    ) e on e.bytes_before < bytes
    order by e.position;
  end
  $$;
`;
