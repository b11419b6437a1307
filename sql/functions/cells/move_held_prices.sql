-- move_held_prices returns everybody's prices that an organization's holds keep, as JSON: in another database the same price has another id.
create or replace function move_held_prices(p_organization_id uuid) returns jsonb
language sql stable
as $$
  select coalesce(jsonb_agg(to_jsonb(p)), '[]')
  from prices p
  where p.organization_id is null and p.id in (
    select r.price_id from reservations r where r.organization_id = p_organization_id and r.status = 'HELD' and r.price_id is not null)
$$;
