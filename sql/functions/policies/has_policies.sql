-- has_policies tells whether any of the given organizations has a policy. Without one, decisions do nothing else for policies. It is PL/pgSQL,
-- which keeps the plan.
create or replace function has_policies(p_organization_ids uuid[]) returns boolean
language plpgsql stable
as $$
begin
  return exists (select from policies p where p.organization_id = any (p_organization_ids));
end
$$;
