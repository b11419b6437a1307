-- request_raise asks for a raise of a budget, of a policy's for one group (p_values) or all (null). A member has one open request for a budget, or a group of it:
-- another one takes its place. Those who may grant it are mailed: at once, or, when it takes another one's place, 10 minutes after
-- that one was made, so that whoever keeps asking fills no mailbox. No row when there is no such budget; raises UB001 without governance, and budget_raises_type_check when the
-- budget does not count p_type (any more), the unit of p_units, what raised_group_id raises, and budget_raises_end_check as add_raise does. Why is the
-- transaction's setting bursar.reason. p_now is null in production. Runs as the owner: servers may not write requests.
create or replace function request_raise(
  p_organization_id uuid, p_id uuid, p_values text[], p_member_id uuid, p_type limit_type, p_units bigint, p_until timestamptz, p_now timestamptz)
returns setof raise_requests
language plpgsql volatile security definer
set search_path from current
as $$
declare
  requested_at timestamptz;
  budget limits;
  request raise_requests;
  raised_id uuid; -- the group
  replaced_at timestamptz; -- when the request was made whose place this one takes; null: there is none
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  requested_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET';
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  if budget.type <> p_type then
    raise exception 'the budget counts % and not %', budget.type, p_type
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_type_check';
  end if;
  raised_id := raised_group_id(budget, p_values);
  if budget.policy_id is not null and budget.period = 'NONE' and p_until is null then
    raise exception 'a budget of a policy that has no period cannot be raised for good'
      using errcode = 'check_violation', table = 'budget_raises', constraint = 'budget_raises_end_check';
  end if;
  perform roll_counters(p_organization_id, array[coalesce(raised_id, budget.subject_id)], requested_at);
  delete from raise_requests r
  where r.organization_id = p_organization_id and r.budget_limit_id = p_id and r.member_id = p_member_id and r.status = 'OPEN'
    and r.group_id is not distinct from raised_id
  returning r.requested_at into replaced_at;
  insert into raise_requests as r (organization_id, budget_limit_id, member_id, type, units, until, reason, requested_at,
    group_id, group_by, group_values)
  values (p_organization_id, p_id, p_member_id, budget.type, p_units, p_until, nullif(current_setting('bursar.reason', true), ''), requested_at,
    raised_id, case when raised_id is not null then (
      select p.group_by from policies p where p.organization_id = p_organization_id and p.id = budget.policy_id) end, p_values)
  returning r.* into request;
  perform note_raise(p_organization_id, p_id, raised_id, p_values, 'RAISE_REQUESTED', p_units, request.id, null,
    greatest(requested_at, replaced_at + interval '10 minutes'), requested_at);
  return next request;
end
$$;
