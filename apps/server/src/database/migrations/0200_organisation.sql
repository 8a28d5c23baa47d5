-- The centre's settings, its clients, sites, teams, skills, reasons for not being ready.
-- `archived` rows are out of use and keep the names of the past; `revision` is the change that last touched the row.

alter table centre
  add column time_zone text not null default 'UTC',
  add column language text not null default 'en',
  add column country text not null default 'SE',
  add column revision bigint not null default 0;

create table client (
  id uuid primary key,
  -- The client owns its own row: the same rule of isolation as everywhere.
  client_id uuid not null generated always as (id) stored,
  name text not null,
  time_zone text not null,
  language text not null,
  country text not null,
  record_calls boolean not null,
  recording_retention_days integer check (recording_retention_days > 0),
  personal_data_retention_days integer check (personal_data_retention_days > 0),
  caller_id_number text,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index client_name_unique on client (lower(name)) where not archived;
select app_isolate('client');

create table site (
  id uuid primary key,
  name text not null,
  time_zone text not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index site_name_unique on site (lower(name)) where not archived;

create table team (
  id uuid primary key,
  name text not null,
  site_id uuid references site (id),
  leader_ids uuid[] not null default '{}',
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index team_name_unique on team (lower(name)) where not archived;

create table skill (
  id uuid primary key,
  name text not null,
  description text not null default '',
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index skill_name_unique on skill (lower(name)) where not archived;

create table not_ready_reason (
  id uuid primary key,
  code text not null,
  -- Null: comes with Svara, the code is translated.
  name text,
  paid boolean not null,
  productive boolean not null,
  position integer not null default 0,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index not_ready_reason_code_unique on not_ready_reason (code) where not archived;
