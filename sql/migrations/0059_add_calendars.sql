-- +goose NO TRANSACTION
-- +goose Up

-- Periods of more kinds, and where they begin. Each statement stands alone and may be repeated: a new value of an enum cannot be used in the
-- transaction that adds it.
alter type limit_period add value if not exists 'DAILY';
alter type limit_period add value if not exists 'QUARTERLY';
alter type limit_period add value if not exists 'YEARLY';
alter type limit_period add value if not exists 'EVERY_DAYS';
alter type limit_period add value if not exists 'SECOND';
alter type limit_period add value if not exists 'WEEK';

-- +goose StatementBegin
do $$
begin
  if to_regtype('calendar') is null then
    create type calendar as (
      time_zone text, -- a name of pg_timezone_names
      week_starts_on smallint, -- 0 Sunday to 6 Saturday
      day_of_month smallint, -- 1 to 31; the last day of shorter months
      reset_days smallint, -- the length of EVERY_DAYS
      reset_anchor date -- the first day of one of these periods
    );
  end if;
end
$$;
-- +goose StatementEnd

set lock_timeout = '100ms';
alter table limits
  add column if not exists time_zone text not null default 'UTC',
  add column if not exists week_starts_on smallint not null default 0,
  add column if not exists day_of_month smallint not null default 1,
  add column if not exists reset_days smallint,
  add column if not exists reset_anchor date;
comment on column limits.time_zone is 'At whose midnights a budget''s periods begin: a name of pg_timezone_names. UTC for NONE and for rates.';
comment on column limits.week_starts_on is 'The first day of a WEEKLY period, 0 Sunday to 6 Saturday; 0 for others.';
comment on column limits.day_of_month is 'The first day of a MONTHLY, QUARTERLY or YEARLY period, or the last day of a shorter month; 1 for others.';
comment on column limits.reset_days is 'The days of a period of EVERY_DAYS; null for others.';
comment on column limits.reset_anchor is 'The first day of one of the periods of EVERY_DAYS; null for others.';
alter table limits
  drop constraint if exists limits_period_check,
  drop constraint if exists limits_time_zone_check,
  drop constraint if exists limits_week_starts_on_check,
  drop constraint if exists limits_day_of_month_check,
  drop constraint if exists limits_reset_days_check,
  drop constraint if exists limits_reset_anchor_check,
  add constraint limits_period_check check (
    case kind when 'BUDGET' then period in ('NONE', 'WEEKLY', 'MONTHLY', 'DAILY', 'QUARTERLY', 'YEARLY', 'EVERY_DAYS')
      else period in ('MINUTE', 'HOUR', 'DAY', 'SECOND', 'WEEK') end) not valid,
  add constraint limits_time_zone_check check (time_zone = 'UTC' or kind = 'BUDGET' and period <> 'NONE') not valid,
  add constraint limits_week_starts_on_check check (week_starts_on = 0 or period = 'WEEKLY' and week_starts_on between 0 and 6) not valid,
  add constraint limits_day_of_month_check check (
    day_of_month = 1 or period in ('MONTHLY', 'QUARTERLY', 'YEARLY') and day_of_month between 1 and 31) not valid,
  add constraint limits_reset_days_check check (
    case period when 'EVERY_DAYS' then reset_days is not null and reset_days between 1 and 365 else reset_days is null end) not valid,
  add constraint limits_reset_anchor_check check (
    case period when 'EVERY_DAYS' then reset_anchor is not null and reset_anchor between '1970-01-01' and '2199-12-31'
      else reset_anchor is null end) not valid;
alter table limits validate constraint limits_period_check;
alter table limits validate constraint limits_time_zone_check;
alter table limits validate constraint limits_week_starts_on_check;
alter table limits validate constraint limits_day_of_month_check;
alter table limits validate constraint limits_reset_days_check;
alter table limits validate constraint limits_reset_anchor_check;
alter table counters add column if not exists calendar calendar;
comment on column counters.calendar is 'Where periods begin; null: UTC, on Sunday, on the 1st. A copy of the limit''s columns that the function keep_counters keeps: see calendar_of.';
reset lock_timeout;
