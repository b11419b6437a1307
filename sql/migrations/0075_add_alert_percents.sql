-- +goose NO TRANSACTION
-- +goose Up

-- Thresholds in percent. Each statement is a transaction of its own, may be repeated, and locks one table at most.
set lock_timeout = '100ms';
alter table limits add column if not exists alert_percents smallint[] not null default '{}';
comment on column limits.alert_percents is 'Alert thresholds in percent of max_units, ascending, 1 to 99, beside those of alert_units; budgets only. Counters have the amounts of both in alert_units.';
alter table limits drop constraint if exists limits_alert_percents_check;
alter table limits add constraint limits_alert_percents_check check (
  0 < all (alert_percents) and 100 > all (alert_percents) and (kind = 'BUDGET' or alert_percents = '{}')
  and array_position(alert_percents, null) is null) not valid;
alter table limits validate constraint limits_alert_percents_check;
alter table alerts add column if not exists threshold_percent smallint;
comment on column alerts.threshold_percent is 'The threshold as it was set, in percent of the budget''s own amount; null for one that was set as an amount, and unless THRESHOLD.';
reset lock_timeout;
