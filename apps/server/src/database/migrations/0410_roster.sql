-- Rosters: what they are made from (kept by the configuration's door), the rosters themselves, what agents ask for, and calendar feeds.
-- Teams and agents are shared by clients, so none of it is a client's: it is guarded by permission.

-- A kind of shift: when it may begin, how long it is, where its breaks may lie.
create table shift_pattern (
  id uuid primary key,
  -- Null: of all sites.
  site_id uuid references site (id),
  name text not null,
  -- As ShiftPattern of the contracts.
  rules jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index shift_pattern_name_unique on shift_pattern (lower(name)) where not archived;

-- What agents are employed for.
create table work_contract (
  id uuid primary key,
  site_id uuid references site (id),
  name text not null,
  terms jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index work_contract_name_unique on work_contract (lower(name)) where not archived;

-- Which contract an agent has, and when they can work.
create table agent_terms (
  agent_id uuid primary key references user_account (id),
  contract_id uuid references work_contract (id),
  availability jsonb not null default '[]',
  revision bigint not null default 0
);

-- What law and agreement demand of shifts, and what requests are granted without a person: of some teams, of some sites, or,
-- naming none, of everybody else.
create table labour_rules (
  id uuid primary key,
  name text not null,
  team_ids uuid[] not null default '{}',
  site_ids uuid[] not null default '{}',
  rules jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index labour_rules_name_unique on labour_rules (lower(name)) where not archived;

create table approval_rules (
  id uuid primary key,
  name text not null,
  team_ids uuid[] not null default '{}',
  site_ids uuid[] not null default '{}',
  rules jsonb not null,
  archived boolean not null default false,
  revision bigint not null default 0
);
create unique index approval_rules_name_unique on approval_rules (lower(name)) where not archived;

-- A team's, a site's or the centre's roster for some days. Agents read what was published; planners work on the draft.
create table roster (
  id uuid primary key,
  team_id uuid references team (id),
  site_id uuid references site (id),
  time_zone text not null,
  from_date text not null check (from_date ~ '^\d{4}-\d\d-\d\d$'),
  days smallint not null check (days between 1 and 42),
  -- First and last instant, for queries by time.
  from_at bigint not null,
  to_at bigint not null,
  -- [{id, name, queueId, skills, source, required[]}]
  groups jsonb not null default '[]',
  weights jsonb not null default '{}',
  -- RosterShift[] as the planner has them.
  draft jsonb not null default '[]',
  -- Rises with each change of the draft or of the requirement.
  draft_revision integer not null default 0,
  -- Figures of the solver's last run.
  solved jsonb,
  -- Result of the last verification by simulation, and the draft that it was of.
  verified jsonb,
  -- {shortHours, violations} of the draft, for lists.
  figures jsonb not null default '{}',
  version integer not null default 0,
  -- The draft that agents see.
  published_revision integer,
  published_at bigint,
  published_by text,
  created_at bigint not null,
  created_by text not null,
  archived boolean not null default false,
  check (num_nonnulls(team_id, site_id) <= 1)
);
create index roster_time on roster (from_at, to_at) where not archived;

-- What was changed in the draft, newest last, so that it can be taken back.
create table roster_step (
  roster_id uuid not null references roster (id) on delete cascade,
  draft_revision integer not null,
  at bigint not null,
  actor text not null,
  what jsonb not null,
  -- Whose shifts were changed, null for all, and as they were.
  agent_ids uuid[],
  before jsonb not null,
  primary key (roster_id, draft_revision)
);

-- What agents were told, one row a publication.
create table roster_version (
  roster_id uuid not null references roster (id) on delete cascade,
  version integer not null,
  at bigint not null,
  actor text not null,
  note text not null default '',
  shifts jsonb not null,
  primary key (roster_id, version)
);

-- The shifts that hold: those of the newest version.
create table roster_shift (
  roster_id uuid not null references roster (id) on delete cascade,
  agent_id uuid not null references user_account (id),
  date text not null,
  pattern_id uuid,
  from_at bigint not null,
  to_at bigint not null check (to_at > from_at),
  parts jsonb not null,
  overtime boolean not null default false,
  -- Stays when the shift moves; counts the publications that changed it.
  uid uuid not null,
  sequence integer not null default 0,
  changed_at bigint not null,
  -- Taken back: kept for calendars that know it.
  cancelled boolean not null default false,
  primary key (roster_id, uid)
);
create index roster_shift_agent on roster_shift (agent_id, from_at);
create index roster_shift_time on roster_shift (from_at, to_at);

-- Word to an agent that a roster was published or changed.
create table roster_notice (
  id uuid primary key,
  agent_id uuid not null references user_account (id),
  roster_id uuid not null references roster (id) on delete cascade,
  version integer not null,
  at bigint not null,
  -- [{date, before, after}] of the days that changed; empty on the first publication.
  changes jsonb not null,
  seen_at bigint
);
create index roster_notice_agent on roster_notice (agent_id, at desc);

-- What agents would like, day by day.
create table roster_wish (
  agent_id uuid not null references user_account (id),
  date text not null,
  kind text not null check (kind in ('day_off', 'work', 'early', 'late')),
  primary key (agent_id, date)
);

-- Overtime that planners offer.
create table overtime_offer (
  id uuid primary key,
  team_id uuid references team (id),
  site_id uuid references site (id),
  from_at bigint not null,
  to_at bigint not null check (to_at > from_at),
  seats smallint not null check (seats between 1 and 100),
  note text not null default '',
  created_at bigint not null,
  created_by text not null,
  closed_at bigint
);
create index overtime_offer_time on overtime_offer (from_at) where closed_at is null;

-- What agents ask for.
create table plan_request (
  id uuid primary key,
  agent_id uuid not null references user_account (id),
  kind text not null check (kind in ('leave', 'swap', 'overtime')),
  state text not null check (state in ('with_colleague', 'asked', 'granted', 'refused', 'withdrawn', 'declined')),
  -- The time that it touches; of a swap from the first to the last of both shifts.
  from_at bigint not null,
  to_at bigint not null check (to_at > from_at),
  -- Kind of leave, by word; null for the others.
  leave_kind text,
  -- Why: for planners and the agent only.
  reason text not null default '',
  colleague_id uuid references user_account (id),
  -- Begin of the agent's shift and of the colleague's.
  mine_at bigint,
  theirs_at bigint,
  offer_id uuid references overtime_offer (id),
  created_at bigint not null,
  decided_at bigint,
  -- A ledger actor, or `rules`.
  decided_by text,
  decision_note text not null default '',
  -- What the decision rested on: violations, effects; and what it changed, so that it can be undone.
  decision jsonb,
  revision integer not null default 0
);
create index plan_request_agent on plan_request (agent_id, created_at desc);
create index plan_request_open on plan_request (state, created_at);
create index plan_request_time on plan_request (from_at, to_at);
create unique index plan_request_offer_once on plan_request (agent_id, offer_id)
  where offer_id is not null and state in ('asked', 'granted');

create table plan_request_step (
  request_id uuid not null references plan_request (id) on delete cascade,
  number smallint not null,
  at bigint not null,
  actor text not null,
  what text not null,
  note text not null default '',
  primary key (request_id, number)
);

-- A secret address under which an agent's shifts are read by calendar programs.
create table calendar_feed (
  agent_id uuid primary key references user_account (id),
  -- SHA-256 of the token.
  token_hash bytea not null unique,
  created_at bigint not null,
  last_read_at bigint
);
