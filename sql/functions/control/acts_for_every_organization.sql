-- acts_for_every_organization tells whether the session acts as the operator or the owner, or as a role that has the operator's rights.
create or replace function acts_for_every_organization() returns boolean
language sql stable parallel safe
as $$
  select case when acts_as_owner() then true else pg_has_role(acting_role(), 'bursar_operator', 'USAGE') end
$$;
