-- set_limits deletes, changes and creates limits of an organization, a workspace or an API key (the narrowest id that is not null), in
-- this order, so that a kind that is deleted may be created, and two limits may exchange their kinds. p_changed and p_created are JSON
-- arrays of objects with type, period, max_units, alert_units and, of those that are changed, id, of those that are created, kind. All
-- of these are given: a limit that is changed has them from now on. enabled and mode, alert_percents, alert_recipients, and what calendar_with names, may
-- be given, too. A new amount or new thresholds keep what was used, take effect with
-- the next decision, and raise alerts at once if usage has reached them; another type, period or calendar starts a new generation at zero. Ids of
-- other subjects' limits are passed over. Raises UB001 without governance unless limits are deleted alone, the constraints of limits, and
-- the unique violation limits_subject_type_period_key. p_now is null in production.
--
-- Runs as the owner: servers may not write limits, counters, periods and alerts.
create or replace function set_limits(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_deleted uuid[], p_changed jsonb, p_created jsonb,
  p_now timestamptz default null)
returns void
language plpgsql volatile security definer
set search_path from current
as $$
declare
  set_at timestamptz;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  set_at := coalesce(p_now, clock_timestamp());
  perform put_limits(p_organization_id, p_workspace_id, p_api_key_id, null, p_deleted, p_changed, p_created, set_at);
end
$$;
