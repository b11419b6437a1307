-- roll_limits opens the current period of those limits of the given subjects whose stored one is over, and keeps the
-- ended periods of budgets as rows of budget_periods, empty ones in between included. Its caller holds the
-- organization's lock and has read the clock after it. Returns how many limits it rolled.
create or replace function roll_limits(p_organization_id uuid, p_subject_ids uuid[], p_now timestamptz) returns integer
language plpgsql volatile
as $$
declare
  rolled integer;
begin
  if not exists (
    select from limits l
    where l.organization_id = p_organization_id and l.subject_id = any (p_subject_ids) and l.period_end <= p_now) then
    return 0;
  end if;

  insert into budget_periods (organization_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted)
  select
    l.organization_id, l.id, l.period_number + e.skipped, l.generation, l.type, l.period, e.started,
    period_end(l.period, e.started), l.max_units, l.alert_units,
    case e.skipped when 0 then l.used_units else 0 end,
    case e.skipped when 0 then l.reserved_units else 0 end,
    case e.skipped when 0 then l.alerted_units else '{}' end,
    e.skipped = 0 and l.exhaustion_alerted
  from limits l
  cross join lateral (
    select g.started at time zone 'UTC' as started, (g.place - 1)::integer as skipped
    from generate_series(
      l.period_start at time zone 'UTC',
      (period_start(l.period, p_now) at time zone 'UTC') - interval '1 microsecond',
      period_length(l.period)) with ordinality g (started, place)
  ) e
  where l.organization_id = p_organization_id and l.subject_id = any (p_subject_ids)
    and l.kind = 'BUDGET' and l.period_end <= p_now;

  update limits l set
    period_number = l.period_number + case l.kind
      when 'RATE' then 1
      else (
        select count(*) from budget_periods p
        where p.organization_id = l.organization_id and p.budget_limit_id = l.id and p.period_number >= l.period_number)
    end,
    period_start = period_start(l.period, p_now),
    period_end = period_end(l.period, p_now),
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false
  where l.organization_id = p_organization_id and l.subject_id = any (p_subject_ids) and l.period_end <= p_now;
  get diagnostics rolled = row_count;
  return rolled;
end
$$;
