-- calendar_days returns the first day of the period that contains a day, and the first day of the next one. A period of EVERY_DAYS has
-- reset_days, counted from reset_anchor and before it as well. MONTHLY, QUARTERLY and YEARLY begin on day_of_month of a month, a quarter's first
-- month and January, or on the last day of a shorter month. Null for other periods.
create or replace function calendar_days(period limit_period, calendar calendar, day date, out first_day date, out next_day date)
language plpgsql immutable parallel safe
as $$
declare
  months constant integer := case period when 'MONTHLY' then 1 when 'QUARTERLY' then 3 when 'YEARLY' then 12 end;
  days constant integer := case period when 'DAILY' then 1 when 'WEEKLY' then 7 when 'EVERY_DAYS' then calendar.reset_days end;
  month date;
begin
  if days is not null then
    first_day := case period
      when 'DAILY' then day
      when 'WEEKLY' then day - (extract(dow from day)::integer - calendar.week_starts_on + 7) % 7
      else day - ((day - calendar.reset_anchor) % days + days) % days end;
    next_day := first_day + days;
  elsif months is not null then
    month := date_trunc(case months when 1 then 'month' when 3 then 'quarter' else 'year' end, day::timestamp)::date;
    if day < day_in_month(month, calendar.day_of_month) then
      month := (month - make_interval(months => months))::date;
    end if;
    first_day := day_in_month(month, calendar.day_of_month);
    next_day := day_in_month((month + make_interval(months => months))::date, calendar.day_of_month);
  end if;
end
$$;
