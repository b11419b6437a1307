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
alter table limits add column if not exists calendar calendar;
alter table counters add column if not exists calendar calendar;
alter table budget_periods add column if not exists calendar calendar;
comment on column limits.calendar is 'Where a budget''s periods begin; null: UTC, on Sunday, on the 1st.';
comment on column counters.calendar is 'The limit''s: a copy that the function keep_counters keeps.';
