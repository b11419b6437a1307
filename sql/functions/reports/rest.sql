-- rest sleeps now and then, so that a statement that calls it while it goes on works no more than a share of the time, in its first
-- three seconds, so that it is done before its caller gives up; null: it works all the time. It sleeps a quarter of a second at most,
-- and not for less than 5 ms of work. Always true.
create or replace function rest(p_share real) returns boolean
language plpgsql volatile
as $$
declare
  worked double precision;
begin
  if p_share is null or clock_timestamp() > statement_timestamp() + interval '3 seconds' then
    return true;
  end if;
  -- since it last rested, if that was in this statement
  worked := extract(epoch from clock_timestamp() - greatest(
    nullif(current_setting('bursar.rested_at', true), '')::timestamptz, statement_timestamp()));
  if worked > 0.005 then
    perform pg_sleep(least(0.25, worked * (1 / p_share - 1)));
    perform set_config('bursar.rested_at', clock_timestamp()::text, true);
  end if;
  return true;
end
$$;
