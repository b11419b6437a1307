-- lock_organizations locks the rows of the given organizations in id order until the transaction ends. Whoever changes a
-- counter or a limit calls it first and reads the clock and the rows afterwards; ids of no organization are passed over.
create or replace function lock_organizations(p_organization_ids uuid[]) returns void
language plpgsql volatile
as $$
begin
  perform 1 from organizations o where o.id = any (p_organization_ids) order by o.id for no key update;
end
$$;
