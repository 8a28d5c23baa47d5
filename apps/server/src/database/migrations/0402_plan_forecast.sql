-- Days and times of day that are not like others: holidays, campaigns, outages. Configuration, through its one door.
create table special_day (
  id uuid primary key,
  client_id uuid not null references client (id),
  name text not null,
  kind text not null,
  -- Empty: all queues of the client.
  queue_ids uuid[] not null,
  first_day text not null,
  last_day text not null,
  -- Times the usual number of contacts; null: learnt from past days of the same name.
  effect real,
  from_time text,
  to_time text,
  archived boolean not null default false,
  revision bigint not null
);
create index special_day_client on special_day (client_id);
select app_isolate('special_day');

create table plan_forecast (
  id uuid primary key,
  client_id uuid not null references client (id),
  name text not null,
  -- history: learnt; flat: a guess of the planner.
  basis text not null check (basis in ('history', 'flat')),
  first_day text not null,
  days integer not null,
  time_zone text not null,
  made_at bigint not null,
  made_by uuid not null
);
create index plan_forecast_client on plan_forecast (client_id, made_at);
select app_isolate('plan_forecast');

create table plan_forecast_series (
  forecast_id uuid not null references plan_forecast (id) on delete cascade,
  client_id uuid not null,
  queue_id uuid not null references queue (id),
  from_at bigint not null,
  to_at bigint not null,
  -- As the science gave it: intervals, days, scores, choices, notes.
  result jsonb not null,
  -- Handling time and patience with their samples.
  handling jsonb not null,
  patience jsonb not null,
  primary key (forecast_id, queue_id)
);
create index plan_forecast_series_queue on plan_forecast_series (queue_id, from_at);
select app_isolate('plan_forecast_series');

-- What a planner knows better; undone ones stay, with who and when.
create table plan_forecast_adjustment (
  id uuid primary key,
  forecast_id uuid not null references plan_forecast (id) on delete cascade,
  client_id uuid not null,
  -- Null: all queues of the forecast.
  queue_id uuid,
  from_at bigint not null,
  to_at bigint not null,
  change jsonb not null,
  reason text not null,
  made_at bigint not null,
  made_by uuid not null,
  undone_at bigint,
  undone_by uuid
);
create index plan_forecast_adjustment_forecast on plan_forecast_adjustment (forecast_id, made_at);
select app_isolate('plan_forecast_adjustment');
