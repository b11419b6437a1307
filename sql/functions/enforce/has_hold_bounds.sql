-- has_hold_bounds tells whether any of the given organizations bounds what its API keys hold. It is PL/pgSQL, which keeps the plan.
create or replace function has_hold_bounds(p_organization_ids uuid[]) returns boolean
language plpgsql stable
as $$
begin
  return exists (
    select from organizations o
    where o.id = any (p_organization_ids) and (o.key_hold_percent is not null or o.key_hold_seconds is not null));
end
$$;
