-- end_group_raises ends the raises of single groups of a policy that are in force, and takes away what was asked for of single groups and not decided: the
-- policy groups by other attributes from now on. Its caller holds the organization's lock.
create or replace function end_group_raises(p_organization_id uuid, p_policy_id uuid, p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
  update budget_raises r set ended_at = p_now
  from limits l
  where l.organization_id = p_organization_id and l.subject_id = p_policy_id and r.organization_id = l.organization_id and r.budget_limit_id = l.id
    and r.group_id is not null and r.ended_at is null and (r.until is null or r.until > p_now);
  delete from raise_requests r
  using limits l
  where l.organization_id = p_organization_id and l.subject_id = p_policy_id and r.organization_id = l.organization_id and r.budget_limit_id = l.id
    and r.group_id is not null and r.status = 'OPEN';
end
$$;
