-- put_limits is what set_limits does with its organization locked, at an instant, also for the limits of a policy: then the workspace and the
-- API key are null.
create or replace function put_limits(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_policy_id uuid, p_deleted uuid[], p_changed jsonb, p_created jsonb,
  p_now timestamptz)
returns void
language plpgsql volatile
as $$
declare
  of_subject constant uuid := coalesce(p_policy_id, p_api_key_id, p_workspace_id, p_organization_id);
begin
  delete from limits l where l.organization_id = p_organization_id and l.subject_id = of_subject and l.id = any (p_deleted);
  if jsonb_array_length(p_changed) + jsonb_array_length(p_created) = 0 then
    return;
  end if;
  perform require_governance(p_organization_id);

  perform roll_counters(p_organization_id, array[of_subject] || array(
    select g.id from policy_groups g where g.organization_id = p_organization_id and g.policy_id = p_policy_id), p_now);
  delete from policy_overrides o -- their amounts are in the unit of before
  using jsonb_to_recordset(p_changed) w (id uuid, type limit_type), limits l
  where p_policy_id is not null and o.organization_id = p_organization_id and o.policy_id = p_policy_id and o.limit_id = w.id
    and l.organization_id = o.organization_id and l.id = o.limit_id and l.type <> w.type;
  update limits l set
    type = c.type,
    period = c.period,
    max_units = c.max_units,
    alert_units = array(select distinct a.units from unnest(c.alert_units) a (units) order by a.units),
    alert_percents = percents_of(c.options, l.alert_percents),
    alert_recipients = kept_alert_recipients(c.options, l.alert_recipients, c.alert_units, percents_of(c.options, l.alert_percents)),
    enabled = coalesce(c.enabled, l.enabled),
    mode = coalesce(c.mode, l.mode),
    time_zone = c.time_zone,
    week_starts_on = c.week_starts_on,
    day_of_month = c.day_of_month,
    reset_days = c.reset_days,
    reset_anchor = c.reset_anchor,
    generation = l.generation + c.starts_anew::integer,
    generation_started_at = case when c.starts_anew then p_now else l.generation_started_at end
  from (
    select o.options, w.*, k.*, (p.type, p.period) <> (w.type, w.period)
      or (p.time_zone, p.week_starts_on, p.day_of_month, p.reset_days, p.reset_anchor)
        is distinct from (k.time_zone, k.week_starts_on, k.day_of_month, k.reset_days, k.reset_anchor) as starts_anew
    from jsonb_array_elements(p_changed) o (options)
    cross join lateral jsonb_to_record(o.options) w (id uuid, type limit_type, period limit_period, max_units bigint, alert_units bigint[],
      enabled boolean, mode limit_mode)
    join limits p on p.organization_id = p_organization_id and p.subject_id = of_subject and p.id = w.id
    cross join lateral calendar_with(p, w.period, o.options, p_now) k
  ) c
  where l.organization_id = p_organization_id and l.id = c.id;
  perform raise_alerts(p_organization_id, array(
    select c.id from counters c
    where c.organization_id = p_organization_id and c.limit_id in (
        select l.id from jsonb_to_recordset(p_changed) i (id uuid)
        join limits l on l.organization_id = p_organization_id and l.subject_id = of_subject and l.id = i.id)), null, null::bigint[], p_now);

  insert into limits (organization_id, workspace_id, api_key_id, policy_id, policy_mode, kind, type, period, max_units, alert_units, alert_percents, alert_recipients, enabled, mode, created_at,
    generation_started_at, time_zone, week_starts_on, day_of_month, reset_days, reset_anchor)
  select p_organization_id, p_workspace_id, p_api_key_id, p_policy_id,
    (select p.mode from policies p where p.organization_id = p_organization_id and p.id = p_policy_id), c.kind, c.type, c.period, c.max_units,
    array(select distinct a.units from unnest(c.alert_units) a (units) order by a.units), percents_of(o.options, '{}'),
    kept_alert_recipients(o.options, '[]', c.alert_units, percents_of(o.options, '{}')),
    coalesce(c.enabled, true), coalesce(c.mode, 'ENFORCE'),
    p_now, p_now, k.*
  from jsonb_array_elements(p_created) with ordinality o (options, index)
  cross join lateral jsonb_to_record(o.options) c (kind limit_kind, type limit_type, period limit_period, max_units bigint, alert_units bigint[],
    enabled boolean, mode limit_mode)
  cross join lateral calendar_with(null, c.period, o.options, p_now) k
  order by o.index;
end
$$;
