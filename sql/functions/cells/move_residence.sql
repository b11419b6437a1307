-- move_residence returns an organization's residence here after the transactions that may change it have ended; null when there is no row of it.
create or replace function move_residence(p_organization_id uuid) returns residence
language plpgsql volatile
as $$
declare
  stored residence;
begin
  select o.residence into stored from organizations o where o.id = p_organization_id for update;
  return stored;
end
$$;
