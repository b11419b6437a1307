-- charge_demand adds what was admitted to the counters: a rate's requests to what is used, all else to what is
-- reserved, and opens the rate windows that are over. Each counter is written once, at the ctid where measure_demand found
-- it. A ctid is stable while the organization is locked; if counters were changed without the lock all the same, by SQL of
-- somebody's own, fewer rows are written than were measured: serialization_failure, upon which the batch is run again.
create or replace function charge_demand(p_demand demand_batch, p_decision reservation_decision_batch, p_now timestamptz) returns void
language plpgsql volatile
as $$
declare
  ctids tid[] := p_demand.ctids;
  units numeric[] := p_demand.units;
  opens_window boolean[] := p_demand.opens_window;
  counter_ids uuid[];
  changes bigint := p_demand.changes;
  written bigint;
begin
  if p_decision.admitted is not null then
    select array_agg(d.id order by d.id), array_agg(d.ctid order by d.id), array_agg(d.opens order by d.id)
    into counter_ids, ctids, opens_window
    from unnest(p_demand.counter_ids, ctids, opens_window) d (id, ctid, opens);
    units := p_decision.counter_units;
    changes := (select count(*) from unnest(units, opens_window) d (units, opens) where d.units > 0 or d.opens);
  end if;

  update counters c set
    period_number = c.period_number + d.opens::integer,
    period_start = case when d.opens then period_start(c.period, p_now) else c.period_start end,
    period_end = case when d.opens then period_end(c.period, p_now) else c.period_end end,
    used_units = case when d.opens then 0 else c.used_units end + case when c.type = 'REQUESTS' and c.kind = 'RATE' then d.units else 0 end,
    reserved_units = case when d.opens then 0 else c.reserved_units end + case when c.type = 'REQUESTS' and c.kind = 'RATE' then 0 else d.units end
  from unnest(ctids, units, opens_window) d (ctid, units, opens)
  where c.ctid = d.ctid and (d.units > 0 or d.opens);
  get diagnostics written = row_count;
  if written <> changes or counter_ids is distinct from p_decision.counter_ids then
    raise exception 'charge_demand: counters changed although their organization was locked'
      using errcode = 'serialization_failure';
  end if;
end
$$;
