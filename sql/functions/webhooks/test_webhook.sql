-- test_webhook queues a test of a webhook that is enabled, unless one is queued already. Returns the delivery's id, nothing where there is no
-- such webhook. Runs as the owner: servers write no deliveries.
create or replace function test_webhook(p_organization_id uuid, p_id uuid) returns setof uuid
language plpgsql volatile security definer
set search_path from current
as $$
declare
  queued_id uuid;
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  perform from webhooks w where w.organization_id = p_organization_id and w.id = p_id and w.enabled;
  if not found then
    return;
  end if;
  select d.id into queued_id from webhook_deliveries d
  where d.organization_id = p_organization_id and d.webhook_id = p_id and d.event = 'TEST' and d.status = 'QUEUED';
  if queued_id is null then
    insert into webhook_deliveries (organization_id, webhook_id, event) values (p_organization_id, p_id, 'TEST') returning id into queued_id;
  else
    update webhook_deliveries d set next_attempt_at = clock_timestamp() where d.organization_id = p_organization_id and d.id = queued_id;
  end if;
  perform notify_webhook_due();
  return next queued_id;
end
$$;
