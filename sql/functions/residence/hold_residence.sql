-- hold_residence keeps an organization's residence as it is until the transaction ends, and raises UB005 when that is not HERE (see refuse_moved). It is
-- for changes that lock_organizations does not precede. Its lock conflicts with that of set_residence alone: nobody waits who decides on requests.
create or replace function hold_residence(p_organization_id uuid) returns void
language plpgsql volatile
as $$
declare
  stored residence;
begin
  select o.residence into stored from organizations o where o.id = p_organization_id for key share;
  if stored <> 'HERE' then
    perform refuse_moved(array[p_organization_id]);
  end if;
end
$$;
