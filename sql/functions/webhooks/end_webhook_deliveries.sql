-- end_webhook_deliveries is the trigger that fails what is queued for a webhook that is disabled: what was to be told then is not told
-- when it is enabled again.
create or replace function end_webhook_deliveries() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  update webhook_deliveries d set status = 'FAILED', status_at = clock_timestamp(), claimed_until = null,
    last_error = 'not sent: the webhook was disabled before'
  where d.organization_id = new.organization_id and d.webhook_id = new.id and d.status = 'QUEUED';
  return null;
end
$$;

create or replace trigger webhooks_disabled after update of enabled on webhooks
  for each row when (old.enabled and not new.enabled) execute function end_webhook_deliveries();
