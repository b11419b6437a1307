-- charge_counters gives back what one reservation has held in the named counters and periods: requests, tokens and nano-dollars; of a lease what it
-- holds no longer (p_is_lease, see lease_usage). A period that is
-- over is charged where it is kept; an ended rate window and a deleted counter are charged nowhere, because nobody can look at them any more.
-- Its caller holds the organization's lock.
create or replace function charge_counters(
  p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_requests bigint, p_tokens bigint, p_cost_nanos bigint,
  p_is_lease boolean)
returns void
language plpgsql volatile
as $$
declare
  reservations constant integer := (not p_is_lease)::integer;
  leased constant bigint := case when p_is_lease then p_requests else 0 end;
begin
  update counters c set
    reserved_units = c.reserved_units - held_units(c.kind, c.type, p_requests, p_tokens, p_cost_nanos, reservations, leased)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where c.organization_id = p_organization_id and c.id = q.counter_id and c.period_number = q.period_number
    and held_units(c.kind, c.type, p_requests, p_tokens, p_cost_nanos, reservations, leased) <> 0;

  update budget_periods p set
    reserved_units = p.reserved_units - held_units('BUDGET', p.type, p_requests, p_tokens, p_cost_nanos, 1)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where p.organization_id = p_organization_id and p.counter_id = q.counter_id and p.period_number = q.period_number;
end
$$;
