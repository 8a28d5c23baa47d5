-- Customers who wait to be called back. Whom to call stands with the contact in which it was asked for, where it is erased.

create table callback (
  contact_id uuid primary key references contact (id) on delete cascade,
  client_id uuid not null references client (id),
  queue_id uuid not null,
  -- The place in the line.
  queued_at bigint not null,
  language text not null,
  -- Wished and promised times; null: as soon as it is their turn.
  from_at bigint,
  until_at bigint,
  attempts integer not null default 0,
  outcome text check (outcome in ('answered', 'failed', 'withdrawn')),
  ended_at bigint,
  check ((outcome is null) = (ended_at is null))
);
create index callback_open on callback (queued_at) where outcome is null;
select app_isolate('callback');
