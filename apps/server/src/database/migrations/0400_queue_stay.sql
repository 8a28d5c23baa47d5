-- Every stay of a contact in a queue, one row each: what planning learns from. Ids, words and times; no personal data.
create table queue_stay (
  contact_id uuid not null references contact (id) on delete cascade,
  -- Of the contact, from 1.
  number smallint not null,
  client_id uuid not null,
  queue_id uuid not null,
  queued_at bigint not null,
  -- Null while it waits.
  left_at bigint,
  -- As in queue.left of the ledger.
  outcome text,
  agent_id uuid,
  wait_ms bigint,
  -- Of the agent who answered: the live part, and work after it. Null where nobody answered or it is not over.
  talk_ms bigint,
  wrap_up_ms bigint,
  primary key (contact_id, number)
);
create index queue_stay_queue on queue_stay (queue_id, queued_at);
create index queue_stay_left on queue_stay (left_at) where left_at is not null;
select app_isolate('queue_stay');

-- Figures of another system, imported: what planning learns from for the time before the first own contact.
create table imported_interval (
  client_id uuid not null references client (id),
  queue_id uuid not null references queue (id),
  -- Begins here; a quarter of an hour.
  at bigint not null,
  offered real not null check (offered >= 0),
  -- Mean handling time of its contacts; null: not known.
  handle_ms bigint check (handle_ms >= 0),
  primary key (queue_id, at)
);
select app_isolate('imported_interval');
