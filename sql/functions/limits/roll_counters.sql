-- roll_counters starts the current period of those counters of the given subjects whose stored period is over (see is_over). The
-- ended periods of budgets, with the amount that raises had made of theirs at the end, become rows of budget_periods, with the empty ones in
-- between. Its caller holds the organization's lock and has read the clock after it. Returns how many counters it rolled.
create or replace function roll_counters(p_organization_id uuid, p_subject_ids uuid[], p_now timestamptz) returns integer
language plpgsql volatile
as $$
declare
  rolled integer;
begin
  if not exists (
    select from counters c
    where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids)
      and is_over(c.kind, c.period_start, c.period_end, p_now)) then
    return 0;
  end if;

  insert into budget_periods (organization_id, counter_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted)
  select
    c.organization_id, c.id, c.limit_id, c.period_number + e.skipped, c.generation, c.type, c.period, e.period_start,
    e.period_end, amount_at(c.max_units, c.raises, last_instant('infinity', e.period_end)), c.alert_units,
    case e.skipped when 0 then c.used_units else 0 end,
    case e.skipped when 0 then c.reserved_units else 0 end,
    case e.skipped when 0 then c.alerted_units else '{}' end,
    e.skipped = 0 and c.exhaustion_alerted
  from counters c
  cross join lateral ended_periods(c.period, c.calendar, c.period_start, c.period_end, p_now) e
  where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids)
    and c.kind = 'BUDGET' and c.period_end <= p_now;

  update counters c set
    period_number = c.period_number + case c.kind
      when 'RATE' then 1
      else (
        select count(*) from budget_periods p
        where p.organization_id = c.organization_id and p.counter_id = c.id and p.period_number >= c.period_number)
    end,
    period_start = case
      when c.calendar is null then period_start(c.period, p_now)
      else (next_period(c.period, c.calendar, c.period_end, p_now)).period_start end,
    period_end = case
      when c.calendar is null then period_end(c.period, p_now)
      else (next_period(c.period, c.calendar, c.period_end, p_now)).period_end end,
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false,
    refusal_alerted = false,
    raises = case when c.raises is not null then raises_left(c.raises, case
      when c.calendar is null then period_start(c.period, p_now)
      else (next_period(c.period, c.calendar, c.period_end, p_now)).period_start end) end
  where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids)
    and is_over(c.kind, c.period_start, c.period_end, p_now);
  get diagnostics rolled = row_count;
  return rolled;
end
$$;
