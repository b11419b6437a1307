-- begin_generation ends the current period of a limit's counters in their old generation and starts the limit's new generation
-- at zero, in the calendar period in which the generation began. That is the one that ends if the limit's period is the same, unless
-- that one begins in the future because the database's clock was ahead: then the new generation is in the period of now. A period that goes on
-- keeps its bounds, also where the rules of its time zone have changed. Reservations that are held settle into the old
-- generation. Raises of the period end with it, and all of them with another type, whose unit they do not have.
-- Called by keep_counters, after the limit was changed and its counters were rolled.
create or replace function begin_generation(p_limit limits) returns void
language plpgsql volatile
as $$
declare
  going_on uuid[]; -- counters whose period contains the beginning of the new generation
begin
  update budget_raises r set ended_at = p_limit.generation_started_at
  where r.organization_id = p_limit.organization_id and r.budget_limit_id = p_limit.id and r.ended_at is null
    and (r.until is null or r.until > p_limit.generation_started_at) and (r.of_period or r.type <> p_limit.type);
  going_on := array(
    select c.id from counters c
    where c.organization_id = p_limit.organization_id and c.limit_id = p_limit.id and c.period = p_limit.period
      and c.calendar is not distinct from calendar_of(p_limit) and c.period_start <= p_limit.generation_started_at
      and c.period_end > p_limit.generation_started_at);
  insert into budget_periods (organization_id, counter_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted, closed_at)
  select c.organization_id, c.id, c.limit_id, c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end,
    amount_at(c.max_units, c.raises, p_limit.generation_started_at), c.alert_units, c.used_units, c.reserved_units, c.alerted_units, c.exhaustion_alerted,
    p_limit.generation_started_at
  from counters c
  where c.organization_id = p_limit.organization_id and c.limit_id = p_limit.id and c.kind = 'BUDGET';
  update counters c set
    subject_id = case when p_limit.policy_id is null then p_limit.subject_id else c.subject_id end,
    subject_type = p_limit.subject_type,
    kind = p_limit.kind,
    type = p_limit.type,
    period = p_limit.period,
    max_units = group_amount(p_limit, c.subject_id),
    alert_units = thresholds_of(p_limit, group_amount(p_limit, c.subject_id)),
    generation = p_limit.generation,
    unenforced = unenforced_of(p_limit),
    raises = case when c.type = p_limit.type then raises_left(c.raises, p_limit.generation_started_at, false) end,
    period_number = c.period_number + 1,
    calendar = calendar_of(p_limit),
    period_start = case when c.id = any (going_on) then c.period_start else b.period_start end,
    period_end = case when c.id = any (going_on) then c.period_end else b.period_end end,
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false,
    refusal_alerted = false
  from first_period(p_limit.period, calendar_of(p_limit), p_limit.generation_started_at) b
  where c.organization_id = p_limit.organization_id and c.limit_id = p_limit.id;
end
$$;
