-- Every change of the configuration, numbered, with the whole before and after: audit, history and undo read it.

create table config_counter (
  centre_id uuid primary key references centre (id),
  revision bigint not null default 0
);

create table config_revision (
  revision bigint primary key,
  at bigint not null,
  actor text not null,
  client_id uuid,
  kind text not null,
  entity_id text not null,
  before jsonb,
  after jsonb,
  summary text not null default '',
  undoes bigint references config_revision (revision)
);
create index config_revision_entity on config_revision (kind, entity_id, revision desc);

select app_isolate('config_revision', true);
revoke update, delete on config_revision from app_rt;
