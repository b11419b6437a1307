-- require_governance raises SQLSTATE UB001 (FEATURE_NOT_AVAILABLE) unless the organization's plan lets it create and
-- change limits: ENTERPRISE has governance, PRO where the operator enabled it, FREE has not.
create or replace function require_governance(p_organization_id uuid) returns void
language plpgsql stable
as $$
begin
  if not exists (
    select from organizations o
    where o.id = p_organization_id and (o.plan = 'ENTERPRISE' or (o.plan = 'PRO' and o.governance_enabled))) then
    raise exception 'organization % has no governance', p_organization_id using errcode = 'UB001';
  end if;
end
$$;
