-- resend_webhook_delivery has a delivery that has ended sent once more, with the same id and body, for another day. Returns its id, nothing where
-- there is none or its webhook is disabled; one that is queued is tried at once. Runs as the owner: servers write no deliveries.
create or replace function resend_webhook_delivery(p_organization_id uuid, p_id uuid) returns setof uuid
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  perform notify_webhook_due();
  return query
    update webhook_deliveries d set
      next_attempt_at = clock_timestamp(),
      attempts = case d.status when 'QUEUED' then d.attempts else 0 end,
      first_attempt_at = case d.status when 'QUEUED' then d.first_attempt_at end,
      status_at = case d.status when 'QUEUED' then d.status_at else clock_timestamp() end,
      status = 'QUEUED'
    from webhooks w
    where d.organization_id = p_organization_id and d.id = p_id and w.organization_id = d.organization_id and w.id = d.webhook_id and w.enabled
    returning d.id;
end
$$;
