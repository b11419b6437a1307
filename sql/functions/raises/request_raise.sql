-- request_raise asks for a raise of a budget: open_raise_requests shows it until it is decided. A member has one open request for a budget:
-- another one takes its place. No row when there is no such budget; raises UB001 without governance, and budget_raises_type_check when the
-- budget does not count p_type (any more), the unit of p_units. Why is the
-- transaction's setting bursar.reason. p_now is null in production. Runs as the owner: servers may not write requests.
create or replace function request_raise(
  p_organization_id uuid, p_id uuid, p_member_id uuid, p_type limit_type, p_units bigint, p_until timestamptz, p_now timestamptz default null)
returns setof raise_requests
language plpgsql volatile security definer
set search_path from current
as $$
declare
  requested_at timestamptz;
  budget limits;
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
  delete from raise_requests r
  where r.organization_id = p_organization_id and r.budget_limit_id = p_id and r.member_id = p_member_id and r.status = 'OPEN';
  return query
    insert into raise_requests as r (organization_id, budget_limit_id, member_id, type, units, until, reason, requested_at)
    values (p_organization_id, p_id, p_member_id, budget.type, p_units, p_until, nullif(current_setting('bursar.reason', true), ''), requested_at)
    returning r.*;
end
$$;
