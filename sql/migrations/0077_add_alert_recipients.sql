-- +goose NO TRANSACTION
-- +goose Up

-- Recipients of single alerts of a budget. Each statement is a transaction of its own, may be repeated, and locks one table at most.
alter type recipient_source add value if not exists 'NAMED';

set lock_timeout = '100ms';
alter table limits add column if not exists alert_recipients jsonb not null default '[]';
comment on column limits.alert_recipients is 'Who hears of single alerts instead of the subject''s recipients; budgets only. An array of {kind, units, percent, emails, subject_recipients}: kind THRESHOLD (with units of alert_units, or percent of alert_percents), EXHAUSTED (also of the reset after it) or REFUSED; subject_recipients whether the subject''s recipients hear of it, too.';
alter table limits drop constraint if exists limits_alert_recipients_check;
alter table limits add constraint limits_alert_recipients_check check (
  jsonb_typeof(alert_recipients) = 'array' and (kind = 'BUDGET' or alert_recipients = '[]')) not valid;
alter table limits validate constraint limits_alert_recipients_check;
alter table alerts add column if not exists recipients jsonb;
comment on column alerts.recipients is 'The element of limits.alert_recipients by which its recipients were found when it was raised; null: the subject''s recipients.';
reset lock_timeout;
