-- raise_budget adds to the amount of a budget, until an instant, or until the current period or generation ends if p_until is null. It takes
-- effect with the next decision and ends by itself: every decision and read adds up what is in force at its instant. Thresholds keep their
-- amounts. EXHAUSTED can be alerted again. The recipients of the budget's alerts are mailed. p_units are nano-dollars, tokens or requests, as p_type says. No row when there is no such budget; raises UB001
-- without governance, budget_raises_type_check when the budget does not count p_type (any more), and budget_raises_until_check for an instant
-- that has passed. Who and why are the transaction's settings
-- bursar.actor and bursar.reason. p_now is null in production.
--
-- Of a policy's budget p_values name the group that is raised, which need not exist; null: all of them, those of later included. Returned is the
-- budget as a group without usage has it then, on what the policy stands on. What else is raised: see add_raise.
--
-- Runs as the owner: servers may not write raises, counters and alerts.
create or replace function raise_budget(
  p_organization_id uuid, p_id uuid, p_values text[], p_type limit_type, p_units bigint, p_until timestamptz, p_now timestamptz)
returns setof limit_details
language plpgsql volatile security definer
set search_path from current
as $$
declare
  raised_at timestamptz;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  raised_at := coalesce(p_now, clock_timestamp());
  if add_raise(p_organization_id, p_id, p_values, p_type, p_units, p_until, null, raised_at) is null then
    return;
  end if;
  return query
    select * from limits_at(raised_at) s where s.organization_id = p_organization_id and s.id = p_id
    union all
    select s.* from limits l
    cross join lateral policy_budget_at(l.policy_id, l.id, raised_at) s
    where l.organization_id = p_organization_id and l.id = p_id and l.policy_id is not null;
end
$$;
