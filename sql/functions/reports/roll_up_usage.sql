-- roll_up_usage adds the ledger rows of an organization that are not yet rolled up, at most p_limit of them, to its hours
-- and days, and moves the watermark in the same transaction: each row is added exactly once. Rows of one organization
-- commit in the order of their positions, because a position is assigned under the organization's lock. So no row can
-- become visible below the watermark. Returns how many rows it added.
create or replace function roll_up_usage(p_organization_id uuid, p_limit integer) returns bigint
language plpgsql volatile
as $$
declare
  first bigint;
  last bigint;
  added bigint;
begin
  insert into rollup_watermarks (organization_id, position, rolled_up_at)
  values (p_organization_id, 0, clock_timestamp()) on conflict do nothing;
  select w.position into first from rollup_watermarks w where w.organization_id = p_organization_id for update;
  select max(t.position), count(*) into last, added
  from (
    select e.position from usage_events e
    where e.organization_id = p_organization_id and e.position > first
    order by e.position limit p_limit) t;
  if added > 0 then
    perform add_usage(p_organization_id, first, last, '-infinity');
    update rollup_watermarks w set position = last, rolled_up_at = clock_timestamp()
    where w.organization_id = p_organization_id;
  end if;
  return added;
end
$$;
