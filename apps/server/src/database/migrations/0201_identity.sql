-- Users, their roles and work, sessions, API tokens, sign-in throttle, audit.

create table user_account (
  id uuid primary key,
  username text not null,
  display_name text not null,
  email text,
  language text not null,
  active boolean not null default true,
  -- argon2id in PHC form; null: cannot sign in with a password.
  password_hash text,
  must_change_password boolean not null default false,
  created_at bigint not null,
  last_sign_in_at bigint,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index user_account_username_unique on user_account (username) where not archived;

create table role (
  id uuid primary key,
  -- Set for the roles that come with Svara, whose name is translated and whose permissions follow the program.
  preset text unique,
  name text,
  permissions text[] not null,
  archived boolean not null default false,
  revision bigint not null default 0,
  check ((preset is null) <> (name is null))
);
create unique index role_name_unique on role (lower(name)) where not archived;

create table role_grant (
  user_id uuid not null references user_account (id),
  role_id uuid not null references role (id),
  scope_kind text not null check (scope_kind in ('centre', 'site', 'team', 'client', 'queue')),
  scope_id uuid,
  check ((scope_kind = 'centre') = (scope_id is null))
);
create unique index role_grant_once on role_grant (user_id, role_id, scope_kind, scope_id) nulls not distinct;

-- Whoever takes contacts; the agent's id is the user's.
create table agent_profile (
  user_id uuid primary key references user_account (id),
  extension text
);
create unique index agent_extension_unique on agent_profile (extension);

-- Team and site from an instant to another; the open row is the present one.
create table agent_assignment (
  user_id uuid not null references user_account (id),
  team_id uuid references team (id),
  site_id uuid references site (id),
  from_at bigint not null,
  until_at bigint,
  check (until_at is null or until_at >= from_at)
);
create unique index agent_assignment_open on agent_assignment (user_id) where until_at is null;

create table agent_skill (
  user_id uuid not null references user_account (id),
  skill_id uuid not null references skill (id),
  level smallint not null check (level between 1 and 5),
  from_at bigint not null,
  until_at bigint,
  check (until_at is null or until_at >= from_at)
);
create unique index agent_skill_open on agent_skill (user_id, skill_id) where until_at is null;

create table user_session (
  id uuid primary key,
  user_id uuid not null references user_account (id),
  -- SHA-256 of the cookie's token.
  token_hash bytea not null unique,
  csrf text not null,
  address text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null
);
create index session_of_user on user_session (user_id);

create table api_token (
  id uuid primary key,
  name text not null,
  token_hash bytea not null unique,
  user_id uuid not null references user_account (id),
  permissions text[] not null,
  scope_kind text not null,
  scope_id uuid,
  created_at bigint not null,
  last_used_at bigint,
  expires_at bigint
);

-- Failed sign-ins by account (a hash of what was typed) and by address.
create table sign_in_throttle (
  key text primary key,
  failures integer not null,
  last_failed_at bigint not null,
  locked_until bigint not null
);

create table audit_entry (
  id uuid primary key,
  at bigint not null,
  action text not null,
  user_id uuid,
  address text,
  client_id uuid,
  subject_id uuid
);
create index audit_entry_user on audit_entry (user_id, id desc);
create index audit_entry_action on audit_entry (action, id desc);
select app_isolate('audit_entry', true);
revoke update, delete on audit_entry from app_rt;

-- Answers to calls with an Idempotency-Key, kept for a day.
create table idempotent_answer (
  caller text not null,
  key text not null,
  -- SHA-256 of method, path and body: the same key for another call is refused.
  request_hash bytea not null,
  status integer,
  body jsonb,
  created_at bigint not null,
  primary key (caller, key)
);
create index idempotent_answer_age on idempotent_answer (created_at);
