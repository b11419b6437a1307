-- +goose Up

-- Since when a delivery has its status, so that operators are told of the last day's without a scan of all years'.
alter table alert_deliveries add column status_at timestamptz not null default clock_timestamp();
comment on column alert_deliveries.status_at is 'Since when it has its status; kept by the trigger alert_deliveries_status_at.';
create index alert_deliveries_status_at_idx on alert_deliveries (status_at);

-- +goose Down
drop trigger if exists alert_deliveries_status_at on alert_deliveries;
alter table alert_deliveries drop column status_at;
