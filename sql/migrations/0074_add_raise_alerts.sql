-- +goose NO TRANSACTION
-- +goose Up

-- Mail about raises. Each statement is a transaction of its own, may be repeated, and locks one table at most. A value of an enum cannot be used in the
-- transaction that adds it.
alter type alert_kind add value if not exists 'RAISE_REQUESTED';
alter type alert_kind add value if not exists 'RAISE_GRANTED';
alter type alert_kind add value if not exists 'RAISE_DECLINED';
alter type alert_kind add value if not exists 'RAISED';

set lock_timeout = '100ms';
alter table alerts
  add column if not exists raise_request_id uuid,
  add column if not exists raise_id uuid;
comment on column alerts.raise_request_id is 'The request for a raise of a RAISE_ alert, and of a RAISED one that was asked for. No foreign key: alerts are kept when the budget is deleted.';
comment on column alerts.raise_id is 'The raise of a RAISED or RAISE_GRANTED alert.';
comment on column alerts.requested_units is 'What the first refused request asked for, or by how much the budget is or was to be raised, in its unit; null unless REFUSED, RAISED or RAISE_.';
comment on column alerts.reserved_units is 'What requests in flight held when the alert was raised; null unless REFUSED, RAISED or RAISE_.';
reset lock_timeout;
