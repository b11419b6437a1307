-- update_rate_limit changes those fields of a rate limit whose argument is not null, and keeps what its window has counted. No row when there is no such rate
-- limit; raises UB001 without governance. p_now is null in production. Runs as the owner: servers
-- may not change limits.
create or replace function update_rate_limit(p_organization_id uuid, p_id uuid, p_max_units bigint, p_enabled boolean, p_mode limit_mode,
  p_now timestamptz default null)
returns setof limit_details
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  if not exists (select from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'RATE' and l.policy_id is null) then
    return;
  end if;
  perform require_governance(p_organization_id);
  update limits l set
    max_units = coalesce(p_max_units, l.max_units),
    enabled = coalesce(p_enabled, l.enabled),
    mode = coalesce(p_mode, l.mode)
  where l.organization_id = p_organization_id and l.id = p_id;
  return query
    select * from limits_at(coalesce(p_now, clock_timestamp())) s
    where s.organization_id = p_organization_id and s.id = p_id;
end
$$;
