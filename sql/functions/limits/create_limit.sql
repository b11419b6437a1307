-- create_limit creates a budget or rate limit on an organization, a workspace or an API key (the narrowest id that is not
-- null), counting from now: amounts in nano-dollars, tokens or requests. Raises UB001 without governance and the unique
-- violation limits_subject_type_period_key for a second limit of the kind. p_options has what else the limit gets, by column: enabled and mode,
-- else true and ENFORCE, alert_percents, alert_recipients, and see calendar_with. p_now is null in production. Runs as the owner: servers may not change limits.
create or replace function create_limit(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_kind limit_kind, p_type limit_type,
  p_period limit_period, p_max_units bigint, p_alert_units bigint[], p_options jsonb, p_now timestamptz)
returns setof limit_details
language plpgsql volatile security definer
set search_path from current
as $$
declare
  created_at timestamptz;
  created_id uuid;
  calendar calendar;
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
  calendar := calendar_with(null, p_period, p_options, created_at);
  insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, alert_units, alert_percents, alert_recipients, enabled, mode, created_at,
    generation_started_at, time_zone, week_starts_on, day_of_month, reset_days, reset_anchor)
  values (p_organization_id, p_workspace_id, p_api_key_id, p_kind, p_type, p_period, p_max_units,
    array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units), percents_of(p_options, '{}'),
    kept_alert_recipients(p_options, '[]', p_alert_units, percents_of(p_options, '{}')),
    coalesce((p_options ->> 'enabled')::boolean, true),
    coalesce((p_options ->> 'mode')::limit_mode, 'ENFORCE'), created_at, created_at,
    calendar.time_zone, calendar.week_starts_on, calendar.day_of_month, calendar.reset_days, calendar.reset_anchor)
  returning limits.id into created_id;
  return query select * from limits_at(created_at) s where s.organization_id = p_organization_id and s.id = created_id;
end
$$;
