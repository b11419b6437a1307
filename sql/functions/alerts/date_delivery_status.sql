-- date_delivery_status is the trigger that sets status_at and transaction_id when a delivery's status changes.
create or replace function date_delivery_status() returns trigger
language plpgsql
as $$
begin
  new.status_at := clock_timestamp();
  new.transaction_id := pg_current_xact_id()::text::bigint;
  return new;
end
$$;

create or replace trigger alert_deliveries_status_at before update of status on alert_deliveries
  for each row when (old.status is distinct from new.status) execute function date_delivery_status();
