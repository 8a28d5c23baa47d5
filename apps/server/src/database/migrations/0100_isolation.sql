-- Row-level security by client. A caller's scope is the transaction's setting app.clients:
-- unset or empty: none; '*': all of the centre; else an array of client ids.

create extension if not exists pg_trgm;
create extension if not exists btree_gist;

create function app_scope_set() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.clients', true), '') <> '';

create function app_scope_all() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.clients', true), '') = '*';

create function app_scope_clients() returns uuid[]
  language sql stable parallel safe
  return case when coalesce(current_setting('app.clients', true), '') in ('', '*') then '{}'::uuid[]
              else current_setting('app.clients', true)::uuid[] end;

-- Puts a table with a column client_id under isolation. The scope is read once for a statement (sub-selects), not once for a row.
-- p_shared: rows without a client belong to the centre and are seen in every scope.
create function app_isolate(p_table regclass, p_shared boolean default false) returns void
  language plpgsql as $$
declare
  rule text := '(select app_scope_all()) or client_id = any ((select app_scope_clients())::uuid[])';
begin
  if p_shared then
    rule := rule || ' or (client_id is null and (select app_scope_set()))';
  end if;
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format('create policy by_client on %s using (%s) with check (%s)', p_table, rule, rule);
end $$;
