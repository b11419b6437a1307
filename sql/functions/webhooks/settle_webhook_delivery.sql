-- settle_webhook_delivery stores what became of an attempt: QUEUED, to be tried again after p_delay unless that is a day
-- after the first attempt or later, DELIVERED, or FAILED; and the status of the
-- answer (null: there was none) and what was wrong with it (null: nothing). p_disable is why its webhook is disabled with it, which fails
-- everything that is queued for it; null when it is not. Does nothing for an attempt whose claim is not p_attempts any more: another worker
-- has it.
create or replace function settle_webhook_delivery(
  p_organization_id uuid, p_id uuid, p_attempts integer, p_status webhook_delivery_status, p_response_status smallint, p_error text,
  p_delay interval, p_disable text)
returns void
language plpgsql volatile
as $$
declare
  of_webhook uuid;
begin
  if p_disable is not null then -- before the delivery, as whoever disables a webhook locks
    perform from webhooks w
    where w.organization_id = p_organization_id
      and w.id = (select d.webhook_id from webhook_deliveries d where d.organization_id = p_organization_id and d.id = p_id)
    for update;
  end if;
  update webhook_deliveries d set
    status = case when g.given_up then 'FAILED' else p_status end, next_attempt_at = clock_timestamp() + p_delay, claimed_until = null,
    status_at = clock_timestamp(), response_status = p_response_status,
    last_error = case when g.given_up then 'gave up after 24 hours: ' else '' end || p_error
  from (
    select p_status = 'QUEUED' and clock_timestamp() + p_delay >= q.first_attempt_at + interval '1 day' as given_up
    from webhook_deliveries q where q.organization_id = p_organization_id and q.id = p_id) g
  where d.organization_id = p_organization_id and d.id = p_id and d.status = 'QUEUED' and d.attempts = p_attempts
    and d.claimed_until is not null
  returning d.webhook_id into of_webhook;
  if of_webhook is not null and p_disable is not null then
    update webhooks w set enabled = false, disabled_reason = p_disable
    where w.organization_id = p_organization_id and w.id = of_webhook and w.enabled;
  end if;
end
$$;
