-- simulated_span returns between which positions an organization's ledger has what was admitted in a span of time, the first one left out, and how many
-- rows there are. What is decided on by its admission may have been recorded an hour later, and the clock may have been set back by an hour.
create or replace function simulated_span(
  p_organization_id uuid, p_from timestamptz, p_to timestamptz, out first_position bigint, out last_position bigint, out events bigint)
language plpgsql stable
as $$
begin
  first_position := ledger_position_at(p_organization_id, p_from - interval '1 hour') - 1;
  last_position := ledger_position_at(p_organization_id, p_to + interval '2 hours') - 1;
  select count(*) into events from usage_events e
  where e.organization_id = p_organization_id and e.position > first_position and e.position <= last_position;
end
$$;
