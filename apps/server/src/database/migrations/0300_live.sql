-- The last instant at which the server of an epoch was known to live: what a crash cut ended then, at the latest.
create table live_heartbeat (
  centre_id uuid primary key references centre (id),
  epoch integer not null,
  at bigint not null
);
