-- How many agents a forecast asks for, by queue and quarter of an hour; rosters are made for the newest of a week.
create table plan_requirement (
  id uuid primary key,
  client_id uuid not null references client (id),
  forecast_id uuid not null references plan_forecast (id),
  name text not null,
  made_at bigint not null,
  made_by uuid not null
);
create index plan_requirement_client on plan_requirement (client_id, made_at);
create index plan_requirement_forecast on plan_requirement (forecast_id);
select app_isolate('plan_requirement');

create table plan_requirement_series (
  requirement_id uuid not null references plan_requirement (id) on delete cascade,
  client_id uuid not null,
  queue_id uuid not null references queue (id),
  from_at bigint not null,
  to_at bigint not null,
  -- Target, shrinkage, handling time, patience.
  inputs jsonb not null,
  intervals jsonb not null,
  primary key (requirement_id, queue_id)
);
create index plan_requirement_series_queue on plan_requirement_series (queue_id, from_at);
select app_isolate('plan_requirement_series');
