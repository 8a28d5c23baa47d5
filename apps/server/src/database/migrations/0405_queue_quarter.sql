-- What came into each queue by quarter of an hour: always the sums of queue_stay, kept in the transaction that writes the
-- stays. What planning reads of long times; who is behind a count is still asked of queue_stay.
create table queue_quarter (
  client_id uuid not null,
  queue_id uuid not null,
  -- Begins here.
  at bigint not null,
  -- Without those that failed for technical reasons.
  offered integer not null,
  answered integer not null,
  abandoned integer not null,
  -- How long each answered one waited, in ms, shortest first: what was in time depends on the queue's threshold of today.
  answer_waits bigint[] not null,
  answer_wait_ms bigint not null,
  -- Contacts whose handling is over, and the sum of it.
  handled integer not null,
  handle_ms bigint not null,
  primary key (queue_id, at, client_id)
);
select app_isolate('queue_quarter');

select set_config('app.clients', '*', true);
insert into queue_quarter
select client_id, queue_id, (queued_at / 900000) * 900000, count(*),
  count(*) filter (where outcome = 'answered'),
  count(*) filter (where outcome = 'abandoned'),
  coalesce(array_agg(wait_ms order by wait_ms) filter (where outcome = 'answered' and wait_ms is not null), '{}'),
  coalesce(sum(wait_ms) filter (where outcome = 'answered'), 0),
  count(*) filter (where talk_ms is not null),
  coalesce(sum(talk_ms + coalesce(wrap_up_ms, 0)) filter (where talk_ms is not null), 0)
from queue_stay
where outcome is distinct from 'failed_tech'
group by 1, 2, 3;
select set_config('app.clients', '', true);

-- Who waits now is few among all that ever came.
create index queue_stay_waiting on queue_stay (queue_id) where outcome is null;
