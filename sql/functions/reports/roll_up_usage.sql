-- roll_up_usage adds the ledger rows of an organization that are not yet rolled up, at most p_limit of them, to its hours
-- and days, and to the hours of its budgets, and moves the watermarks in the same transaction: each row is added exactly once. Rows of
-- one organization commit in the order of their positions, because a position is assigned under the organization's lock. So no row can
-- become visible below a watermark. Both watermarks are the same, except where usage was rolled up before there were hours of budgets:
-- these begin at the oldest row and catch up. Where there are no
-- totals of days (usage_key_days, usage_owner_days), they are made of the days. Days of denied requests are added when their counts do not change any more. Returns how many rows it added to either.
-- Raises UB005 for an organization that is not HERE (see refuse_moved).
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
  day_totals boolean;
  denied_until timestamptz;
  denied_upto constant timestamptz := period_start('DAY', clock_timestamp() - interval '3 days'); -- counts of earlier days do not change
begin
  perform hold_residence(p_organization_id);
  insert into rollup_watermarks (organization_id, position, rolled_up_at)
  values (p_organization_id, 0, clock_timestamp()) on conflict do nothing;
  select w.position, w.budget_position, w.has_day_totals, w.denials_until into first, budget_first, day_totals, denied_until
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
    perform note_outputs(p_organization_id, first, last);
  end if;
  if budget_added > 0 then
    perform add_budget_hours(p_organization_id, budget_first, budget_last, '-infinity');
  end if;
  if not day_totals then
    perform fill_day_totals(p_organization_id);
  end if;
  if denied_until < denied_upto then
    perform add_denial_days(p_organization_id, denied_until, denied_upto);
  end if;
  if added > 0 or budget_added > 0 or not day_totals or denied_until < denied_upto then
    update rollup_watermarks w set position = coalesce(last, first), budget_position = coalesce(budget_last, budget_first),
      rolled_up_at = clock_timestamp(), has_day_totals = true,
      denials_until = greatest(denied_until, denied_upto)
    where w.organization_id = p_organization_id;
  end if;
  return greatest(added, budget_added);
end
$$;
