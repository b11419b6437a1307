-- reset_budget starts a new generation of a budget at zero, inside the same calendar period. No row when there is no
-- such budget; raises UB001 without governance. p_now is null in production.
-- Runs as the owner: servers may not write limits, counters and periods.
create or replace function reset_budget(p_organization_id uuid, p_id uuid, p_now timestamptz default null)
returns setof limit_details
language plpgsql volatile security definer
set search_path from current
as $$
declare
  reset_at timestamptz;
  budget limits;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  reset_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET' and l.policy_id is null;
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  perform roll_counters(p_organization_id, array[budget.subject_id], reset_at);
  update limits l set generation = l.generation + 1, generation_started_at = reset_at
  where l.organization_id = p_organization_id and l.id = p_id;
  return query select * from limits_at(reset_at) s where s.organization_id = p_organization_id and s.id = p_id;
end
$$;
