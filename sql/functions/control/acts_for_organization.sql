-- acts_for_organization tells whether the session may change things of an organization: the owner and the operator may, and a server
-- if its transaction has named it. Functions that run as the owner, for whom row-level security decides nothing, ask it first.
create or replace function acts_for_organization(p_organization_id uuid) returns boolean
language sql stable parallel safe
as $$
  select case when p_organization_id = current_organization() then true else acts_for_every_organization() end
$$;
