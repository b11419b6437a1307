-- throttle delays the statement that calls it, which does so at intervals, so that the statement works no more than a share of the
-- time. p_share is between 0 and 1; null: no delay. A delay is at most 250 ms and follows at least 5 ms of work. There is
-- none after the statement's first 3 seconds, so that it ends before its caller's timeout. Always true, to stand in a condition.
create or replace function throttle(p_share real) returns boolean
language plpgsql volatile
as $$
declare
  worked double precision; -- seconds since the last delay of this statement, or since it began
begin
  if p_share is null or clock_timestamp() > statement_timestamp() + interval '3 seconds' then
    return true;
  end if;
  worked := extract(epoch from clock_timestamp() - greatest(
    nullif(current_setting('bursar.throttled_at', true), '')::timestamptz, statement_timestamp()));
  if worked > 0.005 then
    perform pg_sleep(least(0.25, worked * (1 / p_share - 1)));
    perform set_config('bursar.throttled_at', clock_timestamp()::text, true);
  end if;
  return true;
end
$$;
