-- require_here returns the id of an organization for which this database decides (HERE, see set_residence), and raises UB005 for any other, also for one that
-- it has no rows of (see refuse_moved). Where there are several databases, each statement that reads rows of an organization calls it first in its
-- transaction: the answer is none of rows that another database has gone on with. Runs as the owner: it is called in the
-- statement that says whose rows may be seen.
create or replace function require_here(p_organization_id uuid) returns uuid
language plpgsql stable security definer
set search_path from current
as $$
begin
  if not exists (select from organizations o where o.id = p_organization_id and o.residence = 'HERE') then
    perform refuse_moved(array[p_organization_id]);
  end if;
  return p_organization_id;
end
$$;
