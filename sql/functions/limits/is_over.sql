-- is_over tells whether a counter's stored period is over at an instant: it has ended, or it is a rate window that begins after the
-- instant, because the database's clock was ahead and was put right. The next touch opens the window of the instant, at zero. A
-- budget's period that begins later is not over: a clock that is put back gives no budget away. A period NONE is never over.
-- It has no subquery, so that it is inlined.
create or replace function is_over(p_kind limit_kind, p_period_start timestamptz, p_period_end timestamptz, p_now timestamptz)
returns boolean
language sql immutable parallel safe
as $$
  select p_period_end is not null and (p_period_end <= p_now or (p_kind = 'RATE' and p_period_start > p_now))
$$;
