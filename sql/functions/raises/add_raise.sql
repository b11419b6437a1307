-- add_raise is what raise_budget does with its organization locked, and returns the id of the raise; null when there is no such budget.
-- p_request_id is the request that is granted by it, if any. The recipients of the budget's alerts are told (RAISED). Of a policy's budget it
-- raises one group (p_values), which need not exist, or all of them, those that are made later included (null).
-- Raises budget_raises_type_check when the budget counts another unit than p_type; budget_raises_number_check when 100 of the same budget, or of the
-- same group, are in force: decisions add them up; what raised_group_id raises; and budget_raises_end_check for a policy's budget that
-- would be raised for good, because nobody resets it.
create or replace function add_raise(
  p_organization_id uuid, p_id uuid, p_values text[], p_type limit_type, p_units bigint, p_until timestamptz, p_request_id uuid, p_now timestamptz)
returns uuid
language plpgsql volatile
as $$
declare
  budget limits;
  raised_id uuid; -- the group; null: all, or none
  raised uuid[];  -- the counters
  number integer; -- of the period
  ends_at timestamptz := p_until;
  added budget_raises;
begin
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET';
  if budget.id is null then
    return null;
  end if;
  perform require_governance(p_organization_id);
  raised_id := raised_group_id(budget, p_values);
  perform roll_counters(p_organization_id, array_agg(c.subject_id), p_now) from counters c
  where c.organization_id = p_organization_id and c.limit_id = p_id and (raised_id is null or c.subject_id = raised_id);
  raised := array(
    select c.id from counters c
    where c.organization_id = p_organization_id and c.limit_id = p_id and (raised_id is null or c.subject_id = raised_id));
  if budget.type <> p_type then
    raise exception 'the budget counts % and not %', budget.type, p_type
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_type_check';
  end if;
  if (select count(*) from budget_raises r
      where r.organization_id = p_organization_id and r.budget_limit_id = p_id and r.group_id is not distinct from raised_id and r.ended_at is null
        and (r.until is null or r.until > p_now)) >= 100 then
    raise exception 'a budget has at most 100 raises at once'
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_number_check';
  end if;
  if budget.policy_id is null then
    select c.period_number, coalesce(p_until, c.period_end) into number, ends_at from counters c where c.id = raised[1] and c.organization_id = p_organization_id;
  else
    number := 1; -- each group numbers its own periods
    ends_at := coalesce(p_until, (first_period(budget.period, calendar_of(budget), p_now)).period_end);
    if ends_at is null then
      raise exception 'a budget of a policy that has no period cannot be raised for good'
        using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_end_check';
    end if;
  end if;
  insert into budget_raises (organization_id, budget_limit_id, type, units, until, of_period, period_number, reason, granted_by, granted_at, group_id,
    group_by, group_values)
  values (p_organization_id, p_id, budget.type, p_units, ends_at, p_until is null, number,
    nullif(current_setting('bursar.reason', true), ''), audit_actor(p_organization_id), p_now, raised_id,
    case when raised_id is not null then (select p.group_by from policies p where p.organization_id = p_organization_id and p.id = budget.policy_id) end,
    case when raised_id is not null then p_values end)
  returning * into added;
  update counters c set
    raises = raises_left(c.raises, p_now) || row(added.id, added.units, added.until, added.of_period)::budget_raise,
    exhaustion_alerted = false
  where c.organization_id = p_organization_id and c.id = any (raised);
  perform note_raise(p_organization_id, p_id, raised_id, p_values, 'RAISED', p_units, p_request_id, added.id, p_now, p_now);
  perform raise_alerts(p_organization_id, raised, null, null::bigint[], p_now);
  return added.id;
end
$$;
