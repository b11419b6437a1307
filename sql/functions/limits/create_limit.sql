-- create_limit creates a budget or rate limit on an organization, a workspace or an API key (the narrowest id that is not
-- null), counting from now, enabled or not, and enforced or in SHADOW: amounts in nano-dollars, tokens or requests. Raises UB001 without governance and the unique
-- violation limits_subject_type_period_key for a second limit of the kind. p_now is null in production. Runs
-- as the owner: servers may not change limits.
create or replace function create_limit(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_kind limit_kind, p_type limit_type,
  p_period limit_period, p_max_units bigint, p_alert_units bigint[], p_enabled boolean, p_mode limit_mode,
  p_now timestamptz default null)
returns setof limit_statuses
language plpgsql volatile security definer
set search_path from current
as $$
declare
  created_at timestamptz;
  created_id uuid;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  perform require_governance(p_organization_id);
  created_at := coalesce(p_now, clock_timestamp());
  insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, alert_units, enabled, mode, created_at,
    generation_started_at)
  values (p_organization_id, p_workspace_id, p_api_key_id, p_kind, p_type, p_period, p_max_units,
    array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units), p_enabled, p_mode,
    created_at, created_at)
  returning limits.id into created_id;
  return query select * from limits_at(created_at) s where s.organization_id = p_organization_id and s.id = created_id;
end
$$;
