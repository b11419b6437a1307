-- simulate_limits asks what limits that do not exist would have refused of the usage of an organization, a workspace or an API key (the narrowest id
-- that is not null), admitted from p_from to p_to. p_limits is a JSON array as set_limits takes new limits; a calendar that is not given in full is
-- completed as that of a limit that is created at p_from. A job works it off. No row for another organization than the session may change; raises UB001
-- without governance, and the unique violation simulations_unfinished_key while another simulation of the organization is not finished.
--
-- Runs as the owner: servers write no simulations.
create or replace function simulate_limits(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_limits jsonb, p_from timestamptz, p_to timestamptz)
returns setof simulations
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform require_governance(p_organization_id);
  return query
  insert into simulations (organization_id, workspace_id, api_key_id, limits, from_time, to_time)
  select p_organization_id, p_workspace_id, p_api_key_id, jsonb_agg(
      jsonb_build_object('kind', o.options -> 'kind', 'type', o.options -> 'type', 'period', o.options -> 'period', 'max_units', o.options -> 'max_units',
        'enabled', coalesce((o.options ->> 'enabled')::boolean, true), 'mode', coalesce(o.options ->> 'mode', 'ENFORCE'),
        'alert_units', array(
          select distinct u.text::bigint from jsonb_array_elements_text(o.options -> 'alert_units') u (text) order by u.text::bigint))
      || to_jsonb(c) order by o.number),
    p_from, p_to
  from jsonb_array_elements(p_limits) with ordinality o (options, number)
  cross join lateral calendar_with(null, (o.options ->> 'period')::limit_period, o.options, p_from) c
  returning *;
end
$$;
