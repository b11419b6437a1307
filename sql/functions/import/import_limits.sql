-- import_limits makes limits of an organization, its workspaces and its API keys out of a JSON array of objects: workspace_id and api_key_id (both null:
-- the organization's), kind, type, period, max_units, alert_units, and what calendar_with names. They count from now. Raises UB001 without governance, UB004
-- beyond the quota, limits_subject_type_period_key for two of one kind, and the constraints of limits. Settings: see import_api_keys.
create or replace function import_limits(p_organization_id uuid, p_limits jsonb) returns void
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  made_at timestamptz;
begin
  perform lock_organizations(array[p_organization_id]);
  perform require_governance(p_organization_id);
  made_at := clock_timestamp();
  insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, alert_units, created_at, generation_started_at,
    time_zone, week_starts_on, day_of_month, reset_days, reset_anchor)
  select p_organization_id, l.workspace_id, l.api_key_id, l.kind, l.type, l.period, l.max_units, coalesce(l.alert_units, '{}'), made_at, made_at, c.*
  from jsonb_array_elements(p_limits) with ordinality o (options, index)
  cross join lateral jsonb_to_record(o.options) l (workspace_id uuid, api_key_id uuid, kind limit_kind, type limit_type, period limit_period,
    max_units bigint, alert_units bigint[])
  cross join lateral calendar_with(null, l.period, o.options, made_at) c
  order by o.index;
end
$$;
