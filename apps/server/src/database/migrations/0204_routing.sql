-- How contacts find agents: a queue's routing, what agents may have in hand, rules of the whole centre, codes of customers.

-- What `queueRouting` of the contracts describes; what is missing has its default.
alter table queue add column routing jsonb not null default '{}';

-- RouterRules; what is missing has its default. The rules are changed apart from the centre's other settings.
alter table centre
  add column routing_rules jsonb not null default '{}',
  add column routing_rules_revision bigint not null default 0;

create table capacity_profile (
  id uuid primary key,
  name text not null,
  -- {medium: most at once}
  slots jsonb not null,
  -- [[medium, medium]]
  apart jsonb not null default '[]',
  -- {medium: [medium]}
  interrupts jsonb not null default '{}',
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index capacity_profile_name_unique on capacity_profile (lower(name)) where not archived;

alter table agent_profile
  add column tiers smallint[] not null default '{1}',
  add column capacity_profile_id uuid references capacity_profile (id);

-- Codes that routing may ask for.
alter table customer
  add column type text,
  add column segment text,
  add column value text;
