-- lock_organizations locks the rows of the given organizations in id order until the transaction ends. Whoever changes a
-- counter or a limit calls it first and reads the clock and the rows afterwards; ids of no organization are passed over. Raises UB005 when one of
-- them is not HERE (see refuse_moved), which is read from the locked rows.
create or replace function lock_organizations(p_organization_ids uuid[]) returns void
language plpgsql volatile
as $$
declare
  moved uuid[];
begin
  -- filtered after the lock: a condition on the rows could be evaluated before it
  select array_agg(l.id) filter (where l.residence <> 'HERE') into moved
  from (
    select o.id, o.residence from organizations o where o.id = any (p_organization_ids) order by o.id for no key update) l;
  if moved is not null then
    perform refuse_moved(moved);
  end if;
end
$$;
