-- The ledger is before the contact's row, which is written beside it: a stay may be known first.
alter table queue_stay drop constraint queue_stay_contact_id_fkey;

-- One file of figures of another system; removing it takes its intervals along.
create table history_import (
  id uuid primary key,
  client_id uuid not null references client (id),
  file_name text not null,
  imported_at bigint not null,
  imported_by uuid not null,
  intervals integer not null,
  contacts real not null,
  first_at bigint not null,
  -- End of the last interval.
  last_at bigint not null
);
create index history_import_client on history_import (client_id, imported_at);
select app_isolate('history_import');

-- Of several imports that tell the same interval the newest counts; without it the one before does again.
alter table imported_interval add column import_id uuid not null references history_import (id) on delete cascade;
alter table imported_interval drop constraint imported_interval_pkey;
alter table imported_interval add primary key (import_id, queue_id, at);
create index imported_interval_queue on imported_interval (queue_id, at);
