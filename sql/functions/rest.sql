-- rest sleeps now and then, so that a statement that calls it while it goes on works no more than a share of the time, of its first
-- ten seconds; null: it works all the time. What it has worked for less than 5 ms is not worth a sleep. Always true.
create or replace function rest(p_share real) returns boolean
language plpgsql volatile
as $$
declare
  worked double precision;
begin
  if p_share is null or clock_timestamp() > statement_timestamp() + interval '10 seconds' then
    return true;
  end if;
  worked := extract(epoch from clock_timestamp() - coalesce(
    nullif(current_setting('bursar.rested_at', true), '')::timestamptz, statement_timestamp()));
  if worked > 0.005 then
    perform pg_sleep(worked * (1 / p_share - 1));
    perform set_config('bursar.rested_at', clock_timestamp()::text, true);
  end if;
  return true;
end
$$;
