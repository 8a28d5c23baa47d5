-- The centre, its ledger of events, the durable cursors of its readers.

create table centre (
  id uuid primary key,
  name text not null default '',
  created_at bigint not null
);

-- One row for a centre, changed by every append: the one place where numbers come from.
create table ledger_counter (
  centre_id uuid primary key references centre (id),
  epoch integer not null default 0,
  last_seq bigint not null default 0,
  -- The last batch of the epoch's writer: a batch that is sent again after a lost answer is known by it.
  last_batch bigint not null default 0
) with (fillfactor = 10);

-- Each run of the server, and when it was last known to live: a crash is dated by it.
create table ledger_epoch (
  centre_id uuid not null references centre (id),
  epoch integer not null,
  began_at bigint not null,
  alive_at bigint not null,
  primary key (centre_id, epoch)
);

create table event (
  seq bigint not null,
  id uuid not null,
  epoch integer not null,
  type text not null,
  v smallint not null,
  at bigint not null,
  recorded_at bigint not null,
  centre_id uuid not null,
  client_id uuid,
  contact_id uuid,
  segment_id uuid,
  leg_id uuid,
  agent_id uuid,
  queue_id uuid,
  actor text not null,
  cause uuid,
  config_revision bigint not null,
  payload jsonb not null,
  primary key (seq, at)
) partition by range (at);

create index event_contact on event (contact_id, seq) where contact_id is not null;
create index event_agent on event (agent_id, at) where agent_id is not null;
create index event_queue on event (queue_id, at) where queue_id is not null;
create index event_type on event (type, at);
create table event_other partition of event default;

select app_isolate('event', true);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'SV002';
end $$;

create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event for each statement execute function refuse_change();
create trigger event_no_truncate before truncate on event_other for each statement execute function refuse_change();

-- The router's journal: every input in processed order beside the decisions it brought.
create table router_journal (
  router_id text not null,
  epoch integer not null,
  seq bigint not null,
  at bigint not null,
  engine_version text not null,
  input jsonb not null,
  decisions jsonb not null,
  primary key (router_id, epoch, seq, at)
) partition by range (at);
create table router_journal_other partition of router_journal default;

create table router_snapshot (
  router_id text not null,
  epoch integer not null,
  -- The journal's seq of the last input that the snapshot contains.
  seq bigint not null,
  at bigint not null,
  engine_version text not null,
  snapshot jsonb not null,
  primary key (router_id, epoch, seq)
);

create table ledger_cursor (
  name text primary key,
  seq bigint not null,
  updated_at bigint not null
);

-- Nothing reaches event and journal but through the functions below, which run as their owner.
revoke all on event, event_other, router_journal, router_journal_other, ledger_counter, ledger_epoch from app_rt;
grant select on event, router_journal, ledger_counter, ledger_epoch to app_rt;

-- The centre of this installation; made at the very first start.
create function ensure_centre(p_id uuid, p_at bigint) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found_id uuid;
begin
  perform pg_advisory_xact_lock(hashtext('svara centre'));
  select id into found_id from centre;
  if found_id is null then
    insert into centre (id, created_at) values (p_id, p_at) returning id into found_id;
  end if;
  insert into config_counter (centre_id) values (found_id) on conflict do nothing;
  return found_id;
end $$;

-- Takes over the centre's ledger for a new run of the server: every writer of an earlier run is refused from here on.
create function begin_epoch(p_centre uuid, p_at bigint) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  begun integer;
begin
  insert into ledger_counter (centre_id, epoch) values (p_centre, 1)
    on conflict (centre_id) do update set epoch = ledger_counter.epoch + 1, last_batch = 0
    returning epoch into begun;
  insert into ledger_epoch values (p_centre, begun, p_at, p_at);
  return begun;
end $$;

-- Says that the run lives. False when a later one has begun.
create function epoch_alive(p_centre uuid, p_epoch integer, p_at bigint) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update ledger_epoch set alive_at = greatest(alive_at, p_at) where centre_id = p_centre and epoch = p_epoch;
  return exists (select 1 from ledger_counter where centre_id = p_centre and epoch = p_epoch);
end $$;

-- Numbers and stores events; the last statement of its transaction, because the counter stays locked until the commit:
-- so the order of numbers is the order of commits, without gaps. p_batch is null in a transaction that is never repeated.
-- Returns the number of the first event, or null when this batch was stored before.
create function append_events(p_centre uuid, p_epoch integer, p_batch bigint, p_recorded_at bigint, p_events jsonb)
  returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  n integer := jsonb_array_length(p_events);
  first_seq bigint;
  running integer;
begin
  update ledger_counter set last_seq = last_seq + n, last_batch = coalesce(p_batch, last_batch)
    where centre_id = p_centre and epoch = p_epoch and (p_batch is null or last_batch < p_batch)
    returning last_seq - n + 1 into first_seq;
  if not found then
    select epoch into running from ledger_counter where centre_id = p_centre;
    if running is distinct from p_epoch then
      raise exception 'ledger epoch % has ended, epoch % runs', p_epoch, running using errcode = 'SV001';
    end if;
    return null;
  end if;
  insert into event (seq, id, epoch, type, v, at, recorded_at, centre_id, client_id, contact_id, segment_id, leg_id,
                     agent_id, queue_id, actor, cause, config_revision, payload)
    select first_seq + e.n - 1, e.id, p_epoch, e.type, e.v, e.at, p_recorded_at, p_centre, e."clientId", e."contactId",
           e."segmentId", e."legId", e."agentId", e."queueId", e.actor, e.cause, e."configRevision", e.payload
      from rows from (jsonb_to_recordset(p_events) as (
             id uuid, type text, v smallint, at bigint, "clientId" uuid, "contactId" uuid, "segmentId" uuid, "legId" uuid,
             "agentId" uuid, "queueId" uuid, actor text, cause uuid, "configRevision" bigint, payload jsonb
           )) with ordinality as e(id, type, v, at, "clientId", "contactId", "segmentId", "legId", "agentId", "queueId",
                                   actor, cause, "configRevision", payload, n);
  return first_seq;
end $$;

-- The journal's twin of append_events, sent in the same transaction as the batch's events.
create function append_journal(p_epoch integer, p_entries jsonb) returns void
  language sql security definer set search_path = public, pg_temp
begin atomic
  insert into router_journal (router_id, epoch, seq, at, engine_version, input, decisions)
    select e."routerId", p_epoch, e.seq, e.at, e."engineVersion", e.input, e.decisions
      from jsonb_to_recordset(p_entries) as e("routerId" text, seq bigint, at bigint, "engineVersion" text,
                                              input jsonb, decisions jsonb)
    on conflict do nothing;
end;

-- Makes the monthly partitions from the month of p_now on. Called at each start and by a job.
create function ensure_partitions(p_now bigint, p_months_ahead integer default 2) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month timestamp := date_trunc('month', to_timestamp(p_now / 1000.0) at time zone 'UTC');
  parent text;
  part text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('svara ensure_partitions'));
  for i in 0 .. p_months_ahead loop
    foreach parent in array array['event', 'router_journal'] loop
      part := parent || to_char(month, '_YYYY_MM');
      if to_regclass(part) is null then
        begin
          execute format('create table %I partition of %I for values from (%s) to (%s)', part, parent,
            extract(epoch from month at time zone 'UTC')::bigint * 1000,
            extract(epoch from (month + interval '1 month') at time zone 'UTC')::bigint * 1000);
          execute format('revoke all on %I from app_rt', part);
          if parent = 'event' then
            execute format('create trigger event_no_truncate before truncate on %I for each statement execute function refuse_change()', part);
          end if;
          made := made + 1;
        exception when check_violation then
          -- Rows of this month stand in the default partition already (the clock was wrong once); they stay there.
          raise warning 'no partition % of its own: the default partition holds rows of that month', part;
        end;
      end if;
    end loop;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

revoke execute on function append_events, append_journal, ensure_centre, begin_epoch, epoch_alive, ensure_partitions from public;
grant execute on function append_events, append_journal, ensure_centre, begin_epoch, epoch_alive, ensure_partitions to app_rt;
