-- is_idle tells whether a counter of a group was at zero for a whole period at an instant, and holds nothing in earlier ones. Its stored period is that of the last use or, of a
-- budget, the current one, which the job that closes periods has rolled it to. A rate's windows have no history: one that is at zero in its
-- window says nothing against it, because a new one would be, too.
create or replace function is_idle(p_counter counters, p_created_at timestamptz, p_now timestamptz) returns boolean
language plpgsql stable
as $$
begin
  if p_counter.reserved_units > 0 or exists (
    select from budget_periods p
    where p.organization_id = p_counter.organization_id and p.counter_id = p_counter.id and p.reserved_units > 0) then
    return false;
  end if;
  if p_counter.period_end is null then -- it ends with nothing
    return p_counter.used_units = 0 and p_created_at < p_now - interval '1 day';
  end if;
  if p_counter.kind = 'RATE' then -- another window of that length has gone by
    return p_counter.used_units = 0 or p_counter.period_end + (p_counter.period_end - p_counter.period_start) <= p_now;
  end if;
  return p_counter.used_units = 0 and (
    (p_counter.period_end <= p_now and p_counter.period_start >= p_created_at)
    or exists (
      select from budget_periods p
      where p.organization_id = p_counter.organization_id and p.counter_id = p_counter.id
        and p.period_number = p_counter.period_number - 1 and p.used_units = 0 and p.reserved_units = 0 and p.period_start >= p_created_at));
end
$$;
