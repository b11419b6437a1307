-- set_limits deletes, changes and creates limits of an organization, a workspace or an API key (the narrowest id that is not null), in
-- this order, so that a kind that is deleted may be created, and two limits may exchange their kinds. p_changed and p_created are JSON
-- arrays of objects with type, period, max_units, alert_units and, of those that are changed, id, of those that are created, kind. All
-- of these are given: a limit that is changed has them from now on. enabled and mode, alert_percents, and what calendar_with names, may
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
  of_subject constant uuid := coalesce(p_api_key_id, p_workspace_id, p_organization_id);
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
  delete from limits l where l.organization_id = p_organization_id and l.subject_id = of_subject and l.id = any (p_deleted);
  if jsonb_array_length(p_changed) + jsonb_array_length(p_created) = 0 then
    return;
  end if;
  perform require_governance(p_organization_id);

  perform roll_counters(p_organization_id, array[of_subject], set_at);
  update limits l set
    type = c.type,
    period = c.period,
    max_units = c.max_units,
    alert_units = array(select distinct a.units from unnest(c.alert_units) a (units) order by a.units),
    alert_percents = percents_of(c.options, l.alert_percents),
    enabled = coalesce(c.enabled, l.enabled),
    mode = coalesce(c.mode, l.mode),
    time_zone = c.time_zone,
    week_starts_on = c.week_starts_on,
    day_of_month = c.day_of_month,
    reset_days = c.reset_days,
    reset_anchor = c.reset_anchor,
    generation = l.generation + c.starts_anew::integer,
    generation_started_at = case when c.starts_anew then set_at else l.generation_started_at end
  from (
    select o.options, w.*, k.*, (p.type, p.period) <> (w.type, w.period)
      or (p.time_zone, p.week_starts_on, p.day_of_month, p.reset_days, p.reset_anchor)
        is distinct from (k.time_zone, k.week_starts_on, k.day_of_month, k.reset_days, k.reset_anchor) as starts_anew
    from jsonb_array_elements(p_changed) o (options)
    cross join lateral jsonb_to_record(o.options) w (id uuid, type limit_type, period limit_period, max_units bigint, alert_units bigint[],
      enabled boolean, mode limit_mode)
    join limits p on p.organization_id = p_organization_id and p.subject_id = of_subject and p.id = w.id
    cross join lateral calendar_with(p, w.period, o.options, set_at) k
  ) c
  where l.organization_id = p_organization_id and l.id = c.id;
  perform raise_alerts(p_organization_id, array(
    select c.id from counters c
    where c.organization_id = p_organization_id and c.subject_id = of_subject
      and c.limit_id in (select l.id from jsonb_to_recordset(p_changed) l (id uuid))), null, null::bigint[], set_at);

  insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, alert_units, alert_percents, enabled, mode, created_at,
    generation_started_at, time_zone, week_starts_on, day_of_month, reset_days, reset_anchor)
  select p_organization_id, p_workspace_id, p_api_key_id, c.kind, c.type, c.period, c.max_units,
    array(select distinct a.units from unnest(c.alert_units) a (units) order by a.units), percents_of(o.options, '{}'), coalesce(c.enabled, true), coalesce(c.mode, 'ENFORCE'),
    set_at, set_at, k.*
  from jsonb_array_elements(p_created) with ordinality o (options, index)
  cross join lateral jsonb_to_record(o.options) c (kind limit_kind, type limit_type, period limit_period, max_units bigint, alert_units bigint[],
    enabled boolean, mode limit_mode)
  cross join lateral calendar_with(null, c.period, o.options, set_at) k
  order by o.index;
end
$$;
