-- Simulated days with their figures. They belong to the centre: who may see one follows from the day and queues in it.
create table what_if (
  id uuid primary key,
  name text not null,
  created_at bigint not null,
  created_by text not null,
  time_zone text not null,
  -- WhatIfDraft without the name.
  draft jsonb not null,
  -- Of all queues together, for lists.
  total jsonb not null,
  result jsonb not null
);
create index what_if_created on what_if (created_at desc);
