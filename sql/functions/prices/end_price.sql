-- end_price ends a price at an instant (null: now), after which what is less specific applies, and returns it. One that is not yet in effect then is
-- withdrawn: it ends where it begins. Raises prices_ended_check for an instant that is over. No row when there is no such price, or when
-- it has ended by then. p_now is null in production. Runs as the owner: servers may not write prices.
create or replace function end_price(p_id uuid, p_effective_to timestamptz, p_now timestamptz default null)
returns setof prices
language plpgsql volatile security definer
set search_path from current
as $$
declare
  set_at timestamptz;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_prices();
  set_at := coalesce(p_now, clock_timestamp());
  if p_effective_to < set_at then
    raise exception 'end_price: % is over', p_effective_to using errcode = 'check_violation', constraint = 'prices_ended_check';
  end if;
  return query
    update prices p set effective_to = greatest(p.effective_from, coalesce(p_effective_to, set_at))
    where p.id = p_id and acts_for_organization(p.organization_id)
      and (p.effective_to is null or p.effective_to > greatest(p.effective_from, coalesce(p_effective_to, set_at)))
    returning *;
end
$$;
