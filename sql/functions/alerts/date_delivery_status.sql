-- date_delivery_status notes since when a delivery has its status, whoever changes it.
create or replace function date_delivery_status() returns trigger
language plpgsql
as $$
begin
  new.status_at := clock_timestamp();
  return new;
end
$$;

create or replace trigger alert_deliveries_status_at before update of status on alert_deliveries
  for each row when (old.status is distinct from new.status) execute function date_delivery_status();
