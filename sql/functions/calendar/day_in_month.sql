-- day_in_month returns a day of the month that begins on a date, or the month's last day if it is shorter.
create or replace function day_in_month(month date, day smallint) returns date
language sql immutable parallel safe
as $$
  select least(month + (day - 1), (month + interval '1 month')::date - 1)
$$;
