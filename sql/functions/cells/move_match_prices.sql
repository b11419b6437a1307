-- move_match_prices gives holds that were copied here the ids that their prices (move_held_prices) have here: those of the same model from the same
-- instant on, with the same rates. One that is not here is not kept: its hold is settled by the price of that instant.
create or replace function move_match_prices(p_organization_id uuid, p_prices jsonb) returns void
language sql volatile
as $$
  update reservations r set price_id = (
    select h.id from prices h
    where h.organization_id is null and (h.provider, h.model, h.is_prefix, h.effective_from) = (p.provider, p.model, p.is_prefix, p.effective_from)
      and h.steps = p.steps and h.step_rates = p.step_rates
    limit 1)
  from jsonb_populate_recordset(null::prices, p_prices) p
  where r.organization_id = p_organization_id and r.status = 'HELD' and r.price_id = p.id and not exists (select from prices h where h.id = p.id)
$$;
