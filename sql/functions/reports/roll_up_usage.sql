-- roll_up_usage adds the ledger rows of an organization that are not yet rolled up, at most p_limit of them, to its hours
-- and days, and to the hours of its budgets, and moves the watermarks in the same transaction: each row is added exactly once. Rows of
-- one organization commit in the order of their positions, because a position is assigned under the organization's lock. So no row can
-- become visible below a watermark. Both watermarks are the same, except where usage was rolled up before there were hours of budgets:
-- these begin at the oldest row and catch up. Where there were no usage_key_days,
-- they are made of the days that there are. Returns how many rows it added to either.
create or replace function roll_up_usage(p_organization_id uuid, p_limit integer) returns bigint
language plpgsql volatile
as $$
declare
  first bigint;
  last bigint;
  added bigint;
  budget_first bigint;
  budget_last bigint;
  budget_added bigint;
  key_days boolean;
begin
  insert into rollup_watermarks (organization_id, position, rolled_up_at)
  values (p_organization_id, 0, clock_timestamp()) on conflict do nothing;
  select w.position, w.budget_position, w.has_key_days into first, budget_first, key_days
  from rollup_watermarks w where w.organization_id = p_organization_id for update;
  select n.last, n.number into last, added from next_positions(p_organization_id, first, p_limit) n;
  if budget_first = first then
    budget_last := last;
    budget_added := added;
  else
    select n.last, n.number into budget_last, budget_added from next_positions(p_organization_id, budget_first, p_limit) n;
  end if;
  if added > 0 then
    perform add_usage(p_organization_id, first, last, '-infinity');
  end if;
  if budget_added > 0 then
    perform add_budget_hours(p_organization_id, budget_first, budget_last, '-infinity');
  end if;
  if not key_days then
    perform fill_key_days(p_organization_id);
  end if;
  if added > 0 or budget_added > 0 or not key_days then
    update rollup_watermarks w set position = coalesce(last, first), budget_position = coalesce(budget_last, budget_first),
      rolled_up_at = clock_timestamp(), has_key_days = true
    where w.organization_id = p_organization_id;
  end if;
  return greatest(added, budget_added);
end
$$;
