-- next_positions returns the number of an organization's ledger rows after a position, at most p_limit of them, and the last one's position;
-- null when there is none.
create or replace function next_positions(p_organization_id uuid, p_after bigint, p_limit integer, out number bigint, out last bigint)
language sql stable
as $$
  select count(*), max(t.position)
  from (
    select e.position from usage_events e
    where e.organization_id = p_organization_id and e.position > p_after
    order by e.position limit p_limit) t
$$;
