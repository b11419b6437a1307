-- note_raise records as an alert what was asked for or decided about the amount of a budget, as it stands at p_now, and queues its mail to those whom
-- hearers_of names, not to go out before p_due_at. Of a policy's budget it stands on what the policy stands on, and names the group that it is about
-- (p_group_id; null: all of them, of which nothing is used together). p_units is what is or was to be added (null: the budget counts
-- another unit by now). Its caller holds the organization's lock, and has rolled the counter
-- to p_now.
create or replace function note_raise(
  p_organization_id uuid, p_budget_limit_id uuid, p_group_id uuid, p_values text[], p_kind alert_kind, p_units bigint, p_request_id uuid,
  p_raise_id uuid, p_due_at timestamptz, p_now timestamptz)
returns void
language plpgsql volatile
as $$
declare
  budget limits;
  counter counters;
  policy policies;
  noted_id uuid;
begin
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_budget_limit_id;
  if budget.policy_id is null or p_group_id is not null then
    select * into counter from counters c
    where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id and c.subject_id = coalesce(p_group_id, budget.subject_id);
  end if;
  if budget.policy_id is not null then
    select * into policy from policies p where p.organization_id = p_organization_id and p.id = budget.policy_id;
  end if;
  if counter.id is null then -- of a policy: all groups, or one that does not exist
    select 1, b.period_start, b.period_end into counter.period_number, counter.period_start, counter.period_end
    from first_period(budget.period, calendar_of(budget), p_now) b;
    counter.max_units := group_amount(budget, p_group_id);
    counter.raises := group_raises(p_organization_id, budget.id, p_group_id, p_now);
    counter.used_units := 0;
  end if;
  insert into alerts (organization_id, budget_limit_id, workspace_id, api_key_id, kind, type, period, max_units, used_units, requested_units,
    reserved_units, generation, period_number, period_start, period_end, raised_at, raise_request_id, raise_id, policy_id, counter_id, group_by, group_values)
  values (p_organization_id, budget.id, case when policy.id is null then budget.workspace_id else policy.workspace_id end, budget.api_key_id, p_kind,
    budget.type, budget.period, amount_at(counter.max_units, counter.raises, p_now), counter.used_units, p_units,
    case when counter.id is null then 0 else counter.reserved_units - expired_units(counter, p_now) end, budget.generation, counter.period_number,
    counter.period_start, counter.period_end, p_now, p_request_id, p_raise_id, policy.id, case when policy.id is not null then counter.id end,
    case when p_group_id is not null then policy.group_by end, case when p_group_id is not null then p_values end)
  returning id into noted_id;
  insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
  select p_organization_id, noted_id, fold_case(h.email), h.email, p_now, p_due_at
  from hearers_of(p_organization_id, noted_id) h (email);
end
$$;
