-- Customers and contacts. Personal data stands in customer, customer_identifier, contact_party and contact_note only:
-- these are erased; the rest is ids, words and times.

create table client_counter (
  client_id uuid not null references client (id),
  kind text not null check (kind in ('contact', 'customer')),
  last integer not null,
  primary key (client_id, kind)
);
select app_isolate('client_counter');

create table customer (
  id uuid primary key,
  client_id uuid not null references client (id),
  short_number integer not null,
  name text,
  company text,
  language text,
  notes text not null default '',
  created_at bigint not null,
  updated_at bigint not null,
  unique (client_id, short_number)
);
create index customer_name on customer using gin (name gin_trgm_ops);
create index customer_company on customer using gin (company gin_trgm_ops);
select app_isolate('customer');

create table customer_identifier (
  customer_id uuid not null references customer (id) on delete cascade,
  client_id uuid not null references client (id),
  kind text not null check (kind in ('phone', 'email')),
  -- E.164, or a mail address in small letters.
  value text not null,
  position smallint not null default 0,
  primary key (client_id, kind, value)
);
create index customer_identifier_owner on customer_identifier (customer_id);
create index customer_identifier_value on customer_identifier using gin (value gin_trgm_ops);
select app_isolate('customer_identifier');

create table contact (
  id uuid primary key,
  client_id uuid not null references client (id),
  short_number integer not null,
  medium text not null,
  direction text not null,
  origin text not null,
  started_at bigint not null,
  answered_at bigint,
  customer_ended_at bigint,
  closed_at bigint,
  outcome text,
  wait_ms bigint,
  talk_ms bigint,
  queue_id uuid,
  agent_id uuid,
  entry_point_id uuid,
  -- No reference: a customer that was erased leaves its contacts.
  customer_id uuid,
  linked_to uuid,
  disposition_id uuid,
  unique (client_id, short_number)
);
create index contact_newest on contact (started_at desc, id desc);
create index contact_customer on contact (customer_id, started_at desc) where customer_id is not null;
create index contact_queue_newest on contact (queue_id, started_at desc);
create index contact_agent_newest on contact (agent_id, started_at desc);
create index contact_open on contact (started_at) where closed_at is null;
create index contact_linked on contact (linked_to) where linked_to is not null;
select app_isolate('contact');

-- Everybody who had a part in the contact, and every queue it was in.
create table contact_agent (
  contact_id uuid not null references contact (id) on delete cascade,
  client_id uuid not null,
  agent_id uuid not null,
  -- Team and site of that day: scopes ask for them.
  team_id uuid,
  site_id uuid,
  primary key (contact_id, agent_id)
);
create index contact_agent_agent on contact_agent (agent_id);
select app_isolate('contact_agent');

create table contact_queue (
  contact_id uuid not null references contact (id) on delete cascade,
  client_id uuid not null,
  queue_id uuid not null,
  primary key (contact_id, queue_id)
);
select app_isolate('contact_queue');

create table contact_party (
  contact_id uuid primary key references contact (id) on delete cascade,
  client_id uuid not null,
  remote_number text,
  remote_name text,
  local_number text
);
create index contact_party_remote on contact_party using gin (remote_number gin_trgm_ops);
select app_isolate('contact_party');

create table contact_note (
  contact_id uuid primary key references contact (id) on delete cascade,
  client_id uuid not null,
  notes text not null,
  updated_at bigint not null,
  updated_by uuid
);
select app_isolate('contact_note');

create table recording (
  id uuid primary key,
  client_id uuid not null,
  contact_id uuid not null references contact (id),
  segment_id uuid,
  agent_id uuid,
  started_at bigint not null,
  duration_ms bigint,
  bytes bigint,
  state text not null check (state in ('recording', 'stored', 'failed', 'deleted')),
  -- Below the data folder's recordings/, or a key of an object store.
  storage_key text not null,
  key_id text,
  sha256 text,
  failure text
);
create index recording_contact on recording (contact_id);
-- Retention is the client's present rule, applied by age.
create index recording_age on recording (client_id, started_at) where state in ('stored', 'failed');
select app_isolate('recording');
