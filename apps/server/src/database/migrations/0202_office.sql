-- What a client's business is made of: queues, outcomes, hours, prompts, entry points, numbers. And the lines: trunks, phones.

create table queue (
  id uuid primary key,
  client_id uuid not null references client (id),
  name text not null,
  medium text not null,
  priority smallint not null check (priority between 0 and 100),
  -- [{skillId, minLevel}]
  required_skills jsonb not null default '[]',
  team_ids uuid[] not null default '{}',
  agent_ids uuid[] not null default '{}',
  ring_timeout_ms integer not null,
  -- {mode: off | manual | timed, limitMs?}
  wrap_up jsonb not null,
  service_level_threshold_ms integer not null,
  service_level_target real not null check (service_level_target between 0 and 1),
  short_abandon_ms integer not null,
  music_prompt_id uuid,
  -- {position, estimatedWait, everyMs}
  announce jsonb not null,
  max_waiting integer check (max_waiting > 0),
  disposition_required boolean not null default false,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index queue_name_unique on queue (client_id, lower(name)) where not archived;
select app_isolate('queue');

create table disposition (
  id uuid primary key,
  client_id uuid not null references client (id),
  code text not null,
  name text,
  queue_ids uuid[] not null default '{}',
  position integer not null default 0,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index disposition_code_unique on disposition (client_id, code) where not archived;
select app_isolate('disposition');

create table opening_hours (
  id uuid primary key,
  client_id uuid not null references client (id),
  name text not null,
  time_zone text not null,
  weekly jsonb not null,
  holidays jsonb,
  exceptions jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index hours_name_unique on opening_hours (client_id, lower(name)) where not archived;
select app_isolate('opening_hours');

create table prompt (
  id uuid primary key,
  -- Null: of the centre, for all clients.
  client_id uuid references client (id),
  name text not null,
  kind text not null check (kind in ('announcement', 'music')),
  language text,
  source text not null check (source in ('uploaded', 'recorded')),
  -- File below the data folder's prompts/.
  storage_key text not null,
  duration_ms integer not null,
  bytes integer not null,
  created_at bigint not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
select app_isolate('prompt', true);

create table entry_point (
  id uuid primary key,
  client_id uuid not null references client (id),
  name text not null,
  version integer not null,
  form jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index entry_point_name_unique on entry_point (client_id, lower(name)) where not archived;
select app_isolate('entry_point');

create table phone_number (
  id uuid primary key,
  client_id uuid not null references client (id),
  number text not null,
  label text not null default '',
  entry_point_id uuid references entry_point (id),
  agent_id uuid references user_account (id),
  archived boolean not null default false,
  revision bigint not null default 0,
  check (num_nonnulls(entry_point_id, agent_id) = 1)
);
-- A number leads to one place in the whole centre, whoever its client is.
create unique index number_number_unique on phone_number (number) where not archived;
select app_isolate('phone_number');

create table trunk (
  id uuid primary key,
  name text not null,
  inbound jsonb not null,
  inbound_ha1_md5 text,
  inbound_ha1_sha256 text,
  outbound jsonb,
  -- Sealed by the secret box.
  outbound_password text,
  max_calls integer not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index trunk_name_unique on trunk (lower(name)) where not archived;

create table phone (
  id uuid primary key,
  name text not null,
  username text not null,
  agent_id uuid references user_account (id),
  site_id uuid references site (id),
  -- Lower-case hexadecimal H(user:realm:password); the password itself is nowhere.
  ha1_md5 text,
  ha1_sha256 text,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index phone_username_unique on phone (username) where not archived;
