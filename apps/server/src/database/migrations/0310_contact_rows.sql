-- The rows of many contacts in one statement: a busy centre begins hundreds of contacts a second.

-- Begins contacts in the order given: finds or makes each customer by number, allots the numbers that people read.
-- Of a customer known before it tells the codes and what became of earlier contacts. A contact that stands already is told
-- as it is: the answer to its first asking was lost on the way.
create function begin_contacts(p_at bigint, p_rows jsonb)
returns table (
  contact_id uuid, short_number integer,
  customer_id uuid, customer_short_number integer, customer_name text,
  known boolean, customer_type text, segment text, value text, language text,
  last_at bigint, last_outcome text, last_30_days bigint, talked_agent_id uuid, talked_at bigint
) language plpgsql as $$
#variable_conflict use_column
declare
  day30 constant bigint := 30::bigint * 86400000;
  fresh jsonb;
begin
  return query
  select k.id, k.short_number, c.id, c.short_number, c.name,
    false, c.type, c.segment, c.value, c.language, null::bigint, null::text, 0::bigint, null::uuid, null::bigint
  from jsonb_to_recordset(p_rows) as r (id uuid, client_id uuid)
  join contact k on k.id = r.id and k.client_id = r.client_id
  left join customer c on c.id = k.customer_id;

  select coalesce(jsonb_agg(e), '[]') into fresh from jsonb_array_elements(p_rows) as e
  where not exists (select 1 from contact k where k.id = (e ->> 'id')::uuid);
  if jsonb_array_length(fresh) = 0 then
    return;
  end if;

  -- Two calls from one new number at once make one customer: the second waits here. In one order, so that nobody waits in a ring.
  perform pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(r.client_id::text || ' ' || r.remote_number, 0) as key
    from jsonb_to_recordset(fresh) as r (client_id uuid, remote_number text, customer_id uuid)
    where r.customer_id is not null and r.remote_number is not null and not exists (
      select 1 from customer_identifier i
      where i.client_id = r.client_id and i.kind = 'phone' and i.value = r.remote_number)
    order by key) as locks;

  with unknown as (
    select distinct on (r.client_id, r.remote_number) r.client_id, r.remote_number, r.customer_id, r.remote_name
    from jsonb_to_recordset(fresh)
      as r (client_id uuid, remote_number text, remote_name text, customer_id uuid)
    where r.customer_id is not null and r.remote_number is not null and not exists (
      select 1 from customer_identifier i
      where i.client_id = r.client_id and i.kind = 'phone' and i.value = r.remote_number)
    order by r.client_id, r.remote_number, r.customer_id
  ), counted as (
    select f.client_id, count(*)::integer as n from unknown f group by f.client_id
  ), taken as (
    insert into client_counter (client_id, kind, last)
    select c.client_id, 'customer', c.n from counted c order by c.client_id
    on conflict (client_id, kind) do update set last = client_counter.last + excluded.last
    returning client_counter.client_id, last
  ), numbered as (
    select f.*, (t.last - c.n + row_number() over (partition by f.client_id order by f.customer_id))::integer as short
    from unknown f join counted c using (client_id) join taken t using (client_id)
  ), made as (
    insert into customer (id, client_id, short_number, name, created_at, updated_at)
    select n.customer_id, n.client_id, n.short, n.remote_name, p_at, p_at from numbered n
  )
  insert into customer_identifier (customer_id, client_id, kind, value, position)
  select n.customer_id, n.client_id, 'phone', n.remote_number, 0 from numbered n;

  return query
  with r as (
    select * from jsonb_to_recordset(fresh) as x (
      ord integer, id uuid, client_id uuid, medium text, direction text, origin text, started_at bigint,
      entry_point_id uuid, linked_to uuid, queue_id uuid,
      remote_number text, remote_name text, local_number text, customer_id uuid)
  ), counted as (
    select r.client_id, count(*)::integer as n from r group by r.client_id
  ), taken as (
    insert into client_counter (client_id, kind, last)
    select c.client_id, 'contact', c.n from counted c order by c.client_id
    on conflict (client_id, kind) do update set last = client_counter.last + excluded.last
    returning client_counter.client_id, last
  ), whole as (
    select r.*, c.id as found_id, c.short_number as found_short, c.name as found_name,
      c.type, c.segment, c.value, c.language,
      c.id is not null and not exists (select 1 from r as own where own.customer_id = c.id) as was_known,
      (t.last - n.n + row_number() over (partition by r.client_id order by r.ord))::integer as short
    from r
    join counted n using (client_id) join taken t using (client_id)
    left join customer_identifier i on r.customer_id is not null
      and i.client_id = r.client_id and i.kind = 'phone' and i.value = r.remote_number
    left join customer c on c.id = i.customer_id
  ), put as (
    insert into contact (id, client_id, short_number, medium, direction, origin, started_at,
                         entry_point_id, customer_id, linked_to, queue_id)
    select w.id, w.client_id, w.short, w.medium, w.direction, w.origin, w.started_at,
           w.entry_point_id, w.found_id, w.linked_to, w.queue_id from whole w
  ), party as (
    insert into contact_party (contact_id, client_id, remote_number, remote_name, local_number)
    select w.id, w.client_id, w.remote_number, w.remote_name, w.local_number from whole w
  ), queued as (
    insert into contact_queue (contact_id, client_id, queue_id)
    select w.id, w.client_id, w.queue_id from whole w where w.queue_id is not null
  )
  select w.id, w.short, w.found_id, w.found_short, w.found_name,
    w.was_known, w.type, w.segment, w.value, w.language,
    l.started_at, l.outcome,
    case when l.started_at is null then 0 else
      (select count(*) from contact k where k.customer_id = w.found_id and k.started_at > w.started_at - day30) end,
    a.agent_id, a.started_at
  from whole w
  left join lateral (
    select k.started_at, k.outcome from contact k
    where w.was_known and k.customer_id = w.found_id order by k.started_at desc limit 1) l on true
  left join lateral (
    select k.agent_id, k.started_at from contact k
    where l.started_at is not null and k.customer_id = w.found_id
      and k.agent_id is not null and k.answered_at is not null
    order by k.started_at desc limit 1) a on true;
end $$;

-- Brings contacts up to date; what is absent stays. At most one row for a contact.
create function change_contacts(p_rows jsonb) returns void language sql as $$
  with r as (
    select * from jsonb_to_recordset(p_rows) as x (
      id uuid, client_id uuid, queue_id uuid, agent_id uuid, team_id uuid, site_id uuid,
      answered_at bigint, customer_ended_at bigint, closed_at bigint, outcome text, wait_ms bigint, talk_ms bigint)
  ), locked as materialized (
    -- in one order, as whoever locks several contacts at once
    select c.id from contact c where c.id in (select r.id from r) order by c.id for update
  ), changed as (
    update contact c set
      queue_id = coalesce(r.queue_id, c.queue_id), agent_id = coalesce(r.agent_id, c.agent_id),
      answered_at = coalesce(r.answered_at, c.answered_at),
      customer_ended_at = coalesce(r.customer_ended_at, c.customer_ended_at),
      closed_at = coalesce(r.closed_at, c.closed_at), outcome = coalesce(r.outcome, c.outcome),
      wait_ms = coalesce(r.wait_ms, c.wait_ms), talk_ms = coalesce(r.talk_ms, c.talk_ms)
    from r join locked using (id) where c.id = r.id and c.client_id = r.client_id
  ), queued as (
    insert into contact_queue (contact_id, client_id, queue_id)
    select r.id, r.client_id, r.queue_id from r where r.queue_id is not null
    on conflict do nothing
  )
  insert into contact_agent (contact_id, client_id, agent_id, team_id, site_id)
  select r.id, r.client_id, r.agent_id, r.team_id, r.site_id from r where r.agent_id is not null
  on conflict do nothing;
$$;
