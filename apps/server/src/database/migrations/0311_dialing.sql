-- What may be called, how trunks have numbers, and how many devices a phone's account may have.

-- DialRulesDraft; what is missing has its default. Changed apart from the client's other settings.
alter table client
  add column dial_rules jsonb not null default '{}',
  add column dial_rules_revision bigint not null default 0;

-- Whose way of writing numbers the carrier has; null: the centre's.
alter table trunk
  add column country text,
  add column incoming_numbers text not null default 'national';

-- srtp: off, optional, required; null: as the phone wants it.
alter table phone
  add column max_devices integer not null default 2,
  add column srtp text;
