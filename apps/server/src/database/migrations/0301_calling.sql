-- How calls reach agents and go out: queues, agents, numbers, and what holds in the whole centre.

-- What `queueCalling` of the contracts describes; what is missing has its default.
alter table queue add column calling jsonb not null default '{}';

-- Agents may show it when they call out.
alter table phone_number add column outbound boolean not null default true;

-- The agent's device answers by itself after a beep.
alter table agent_profile add column auto_answer boolean not null default false;

-- CallingRules; what is missing has its default. Changed apart from the centre's other settings.
alter table centre
  add column calling_rules jsonb not null default '{}',
  add column calling_rules_revision bigint not null default 0;

-- What agents choose for themselves: do not disturb, and where their direct calls go. It may hold a number of theirs.
create table agent_calling (
  agent_id uuid primary key references user_account (id) on delete cascade,
  do_not_disturb boolean not null default false,
  diversions jsonb not null default '{}'
);
