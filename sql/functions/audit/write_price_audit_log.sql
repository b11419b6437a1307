-- write_price_audit_log is write_audit_log for prices: a trigger on statements, because lists of them have thousands. An entry for each row, with the
-- actor, action, request id and reason of the transaction's settings; what is computed from rates is left out. An update that changes nothing
-- has no entry. The entry of a price that is everybody's belongs to no organization: its organization is the zero id.
--
-- Runs as the owner: nobody else may insert into the audit log.
create or replace function write_price_audit_log() returns trigger
language plpgsql security definer
set search_path from current
set plan_cache_mode = force_generic_plan
as $$
declare
  before jsonb[];  -- rows by their ids
  after jsonb[];
begin
  if tg_op <> 'INSERT' then
    before := array(select to_jsonb(p) from old_prices p order by p.id);
  end if;
  if tg_op <> 'DELETE' then
    after := array(select to_jsonb(p) from new_prices p order by p.id);
  end if;
  insert into audit_log (organization_id, action, actor, target_type, target_id, before, after, request_id, reason)
  select c.organization_id,
    coalesce(nullif(current_setting('bursar.action', true), ''), lower(tg_op collate "C") || ' ' || tg_table_name),
    audit_actor(c.organization_id),
    'prc',
    c.id,
    case tg_op when 'UPDATE' then audit_changes(c.before, c.after) else c.before end,
    case tg_op when 'UPDATE' then audit_changes(c.after, c.before) else c.after end,
    nullif(current_setting('bursar.request_id', true), ''),
    nullif(current_setting('bursar.reason', true), '')
  from unnest(before, after) r (before, after)
  cross join lateral (
    select coalesce(coalesce(r.after, r.before) ->> 'organization_id', '00000000-0000-0000-0000-000000000000')::uuid as organization_id,
      (coalesce(r.after, r.before) ->> 'id')::uuid as id,
      audit_json(r.before - array['steps', 'step_rates'], 'prc') as before,
      audit_json(r.after - array['steps', 'step_rates'], 'prc') as after
    offset 0) c
  where c.before is distinct from c.after;
  return null;
end
$$;

create or replace trigger prices_audit_insert after insert on prices
  referencing new table as new_prices for each statement execute function write_price_audit_log();
create or replace trigger prices_audit_update after update on prices
  referencing old table as old_prices new table as new_prices for each statement execute function write_price_audit_log();
create or replace trigger prices_audit_delete after delete on prices
  referencing old table as old_prices for each statement execute function write_price_audit_log();
