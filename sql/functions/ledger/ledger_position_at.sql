-- ledger_position_at returns the first position of an organization's ledger whose row was recorded at an instant or after it; the one
-- after the last row if there is none. Positions are drawn in the order of the clock, under the organization's lock, so it searches by
-- halves: about 30 look-ups in an index. Where the clock was set back, rows of that span may lie on either side.
create or replace function ledger_position_at(p_organization_id uuid, p_at timestamptz) returns bigint
language plpgsql stable
as $$
declare
  low bigint; -- every row before it was recorded before the instant
  high bigint; -- every row from it on was recorded at the instant or after it
  middle bigint;
  found_position bigint;
  found_at timestamptz;
begin
  select coalesce(min(e.position), 0), coalesce(max(e.position), 0) + 1 into low, high
  from usage_events e where e.organization_id = p_organization_id;
  while low < high loop
    middle := low + (high - low) / 2;
    select e.position, e.recorded_at into found_position, found_at from usage_events e
    where e.organization_id = p_organization_id and e.position >= middle
    order by e.position limit 1;
    if found_position is null or found_at >= p_at then
      high := middle;
    else
      low := found_position + 1;
    end if;
  end loop;
  return low;
end
$$;
