-- raise_alerts records the alerts that are missing for the given counters in the given periods (null: in their current ones): one
-- for each threshold that settled usage has reached; EXHAUSTED if it has reached the amount; and REFUSED if it has not, and
-- p_refused_units says that the budget has refused a request: what that one asked for, in the budget's unit (null: none was refused).
-- Each is recorded once in its period. Of several that are recorded together each address is mailed the highest alone that it hears of, as the
-- recipients are at this moment (see alert_recipients_of). An alert of a policy's group stands on what the policy stands on, and names the group. Rate limits are skipped, and budgets that are not enabled. Amounts are those of this moment, with raises. Its caller holds the organization's lock. Returns how many were recorded.
create or replace function raise_alerts(
  p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_refused_units bigint[], p_now timestamptz)
returns integer
language plpgsql volatile
as $$
declare
  budget record;
  thresholds bigint[];
  exhausted boolean;
  refused boolean;
  held_units bigint;  -- holds past their expiry left out
  budget_limit limits;
  recorded_ids uuid[]; -- the highest first
  raised integer := 0;
begin
  for budget in
    select c.id as counter_id, c.limit_id, case c.subject_type when 'POLICY' then coalesce(y.workspace_id, y.organization_id) else c.subject_id end as subject_id,
      case c.subject_type when 'WORKSPACE' then c.subject_id when 'POLICY' then y.workspace_id end as workspace_id,
      y.id as policy_id, case when y.id is not null then c.id end as group_counter_id, y.group_by, g.group_values, case c.subject_type when 'API_KEY' then c.subject_id end as api_key_id,
      case when not c.refusal_alerted and b.used_units < b.max_units then q.refused_units end as refused_units, c.max_units as own_units, b.*
    from unnest(p_counter_ids, p_period_numbers, p_refused_units) q (counter_id, period_number, refused_units)
    cross join lateral ( -- one look-up for each counter: a join could read all of the organization's counters
      select * from counters c where c.organization_id = p_organization_id and c.id = q.counter_id and c.kind = 'BUDGET'
        and c.unenforced is distinct from 'DISABLED' offset 0
    ) c
    left join policy_groups g on c.subject_type = 'POLICY' and g.organization_id = c.organization_id and g.id = c.subject_id
    left join policies y on y.organization_id = g.organization_id and y.id = g.policy_id
    join lateral (
      select c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end, amount_at(c.max_units, c.raises, last_instant(p_now, c.period_end)) as max_units,
        c.alert_units, c.used_units, c.alerted_units, c.exhaustion_alerted
      where c.period_number = coalesce(q.period_number, c.period_number)
      union all
      select p.period_number, p.generation, p.type, p.period, p.period_start, p.period_end, p.max_units, p.alert_units,
        p.used_units, p.alerted_units, p.exhaustion_alerted
      from budget_periods p
      where p.organization_id = p_organization_id and p.counter_id = c.id and p.period_number = q.period_number
    ) b on true
    where (not b.exhaustion_alerted and b.used_units >= b.max_units)
      or (q.refused_units is not null and not c.refusal_alerted and b.used_units < b.max_units)
      or exists (select from unnest(b.alert_units) a (units) where a.units <= b.used_units and a.units <> all (b.alerted_units))
    order by c.limit_id
  loop
    thresholds := array(
      select a.units from unnest(budget.alert_units) a (units)
      where a.units <= budget.used_units and a.units <> all (budget.alerted_units)
      order by a.units);
    exhausted := not budget.exhaustion_alerted and budget.used_units >= budget.max_units;
    refused := budget.refused_units is not null;
    if refused then
      select c.reserved_units - expired_units(c, p_now) into held_units
      from counters c where c.organization_id = p_organization_id and c.id = budget.counter_id;
    end if;

    select * into budget_limit from limits l where l.organization_id = p_organization_id and l.id = budget.limit_id;

    -- uuid_v7 sorts by creation to the millisecond only, so the highest is found by its threshold; null is EXHAUSTED or REFUSED, which
    -- exclude each other
    with recorded as (
      insert into alerts (organization_id, budget_limit_id, workspace_id, api_key_id, kind, type, period, threshold_units,
        threshold_percent, max_units, used_units, requested_units, reserved_units, generation, period_number, period_start, period_end, raised_at, policy_id, counter_id, group_by,
        group_values, recipients)
      select p_organization_id, budget.limit_id, budget.workspace_id, budget.api_key_id,
        a.kind, budget.type, budget.period, a.units, ( -- of a closed period whose budget has another amount by now it is not known
          select min(p.percent) from unnest(budget_limit.alert_percents) p (percent)
          where a.units <> all (budget_limit.alert_units) and threshold_units(budget.own_units, p.percent) = a.units), budget.max_units, budget.used_units,
        case when a.units is null and refused then budget.refused_units end,
        case when a.units is null and refused then held_units end,
        budget.generation, budget.period_number, budget.period_start, budget.period_end, p_now,
        budget.policy_id, budget.group_counter_id, budget.group_by, budget.group_values,
        case when budget_limit.alert_recipients <> '[]' then alert_recipients_of(budget_limit, a.kind, a.units, budget.own_units) end
      from (
        select u.units, case when u.units is not null then 'THRESHOLD' when refused then 'REFUSED' else 'EXHAUSTED' end::alert_kind as kind
        from unnest(case when exhausted or refused then thresholds || null::bigint else thresholds end) u (units)
      ) a
      returning id, threshold_units, recipients
    )
    select array_agg(r.id order by r.threshold_units desc nulls first) into recorded_ids from recorded r;
    if budget_limit.alert_recipients = '[]' then
      recorded_ids := recorded_ids[1:1]; -- the subject's recipients hear of all: nobody is mailed another
    end if;

    insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
    select distinct on (fold_case(h.email)) p_organization_id, a.id, fold_case(h.email), h.email, p_now, p_now
    from unnest(recorded_ids) with ordinality a (id, number)
    cross join lateral hearers_of(p_organization_id, a.id) h (email)
    order by fold_case(h.email), a.number;

    update counters c set
      alerted_units = c.alerted_units || thresholds, exhaustion_alerted = c.exhaustion_alerted or exhausted,
      refusal_alerted = c.refusal_alerted or refused
    where c.organization_id = p_organization_id and c.id = budget.counter_id and c.period_number = budget.period_number;
    update budget_periods p set
      alerted_units = p.alerted_units || thresholds, exhaustion_alerted = p.exhaustion_alerted or exhausted
    where p.organization_id = p_organization_id and p.counter_id = budget.counter_id
      and p.period_number = budget.period_number;
    raised := raised + cardinality(thresholds) + (exhausted or refused)::integer;
  end loop;
  return raised;
end
$$;
