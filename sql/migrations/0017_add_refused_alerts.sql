-- +goose NO TRANSACTION
-- +goose Up

-- Each statement is a transaction of its own, may be repeated, and locks one table at most. A value of an enum cannot be used in the
-- transaction that adds it.
alter type alert_kind add value if not exists 'REFUSED';

-- What a REFUSED alert says beside what is used.
alter table alerts
  add column if not exists requested_units bigint,
  add column if not exists reserved_units bigint;
comment on column alerts.requested_units is 'What the first refused request asked for, in the budget''s unit; null unless REFUSED.';
comment on column alerts.reserved_units is 'What requests in flight held when the alert was raised; null unless REFUSED.';

alter table counters add column if not exists refusal_alerted boolean not null default false;
comment on column counters.refusal_alerted is 'Whether REFUSED was raised in this period.';

-- Release 1 raised EXHAUSTED at a budget's first denial, also when it was not used up, and then no more in that period. Such budgets
-- can raise it again when they are used up.
-- +goose StatementBegin
do $$
begin
  perform 1 from organizations o
  where o.id in (select c.organization_id from counters c where c.exhaustion_alerted and c.used_units < c.max_units)
  order by o.id for no key update;
  update counters c set exhaustion_alerted = false where c.exhaustion_alerted and c.used_units < c.max_units;
end
$$;
-- +goose StatementEnd
