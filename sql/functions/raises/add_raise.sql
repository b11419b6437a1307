-- add_raise is what raise_budget does with its organization locked, and returns the id of the raise; null when there is no such budget.
-- Raises budget_raises_type_check when the budget counts another unit than p_type, and budget_raises_number_check when 100 are in force: decisions add them up.
create or replace function add_raise(p_organization_id uuid, p_id uuid, p_type limit_type, p_units bigint, p_until timestamptz, p_now timestamptz) returns uuid
language plpgsql volatile
as $$
declare
  budget limits;
  counter counters;
  added budget_raises;
begin
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET' and l.policy_id is null;
  if budget.id is null then
    return null;
  end if;
  perform require_governance(p_organization_id);
  perform roll_counters(p_organization_id, array[budget.subject_id], p_now);
  select * into counter from counters c where c.organization_id = p_organization_id and c.limit_id = p_id;
  if budget.type <> p_type then
    raise exception 'the budget counts % and not %', budget.type, p_type
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_type_check';
  end if;
  if cardinality(raises_left(counter.raises, p_now)) >= 100 then
    raise exception 'a budget has at most 100 raises at once'
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_number_check';
  end if;
  insert into budget_raises (organization_id, budget_limit_id, type, units, until, of_period, period_number, reason, granted_by, granted_at)
  values (p_organization_id, p_id, budget.type, p_units, coalesce(p_until, counter.period_end), p_until is null, counter.period_number,
    nullif(current_setting('bursar.reason', true), ''), audit_actor(p_organization_id), p_now)
  returning * into added;
  update counters c set
    raises = raises_left(c.raises, p_now) || row(added.id, added.units, added.until, added.of_period)::budget_raise,
    exhaustion_alerted = false
  where c.organization_id = p_organization_id and c.id = counter.id;
  perform raise_alerts(p_organization_id, array[counter.id], null, null::bigint[], p_now);
  return added.id;
end
$$;
