-- move_lock locks an organization that arrives here, for the transaction that will say HERE, and raises serialization_failure unless it is still ARRIVING with
-- the generation that move_arrive has returned: another attempt has begun since, or has ended.
create or replace function move_lock(p_organization_id uuid, p_generation integer) returns void
language plpgsql volatile
as $$
begin
  perform from organizations o
  where o.id = p_organization_id and o.residence = 'ARRIVING' and o.residence_generation = p_generation for update;
  if not found then
    raise exception 'another move of % has begun or ended since', p_organization_id using errcode = 'serialization_failure';
  end if;
end
$$;
