-- queue_webhooks is the trigger that queues what webhooks are told of alerts, in the transaction that raises them, or that finds out that a
-- budget has reset. A webhook in Slack's form hears of several alerts of one budget that are raised together as mail does: of the highest
-- alone. Raises are not told to webhooks. It finds no row to read where an organization has no webhook, and runs only where an alert is raised.
create or replace function queue_webhooks() returns trigger
language plpgsql
as $$
declare
  queued bigint;
  reset_ids uuid[]; -- alerts whose budgets have reset; null when alerts are raised
begin
  if tg_op = 'UPDATE' then
    reset_ids := array(
      select r.id from raised r join former f on f.organization_id = r.organization_id and f.id = r.id
      where r.reset_notified_at is not null and f.reset_notified_at is null);
    if reset_ids = '{}' then
      return null;
    end if;
  end if;
  insert into webhook_deliveries (organization_id, webhook_id, event, alert_id)
  select w.organization_id, w.id, a.event, a.id
  from (
    select r.*, case when reset_ids is null then r.kind::text else 'RESET' end::webhook_event as event,
      coalesce(r.workspace_id, k.workspace_id) as of_workspace,
      row_number() over (partition by r.organization_id, r.budget_limit_id order by r.threshold_units desc nulls first) as height
    from raised r
    left join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
    where reset_ids is null and r.kind in ('THRESHOLD', 'EXHAUSTED', 'REFUSED') or r.id = any (reset_ids)
  ) a
  join webhooks w on w.organization_id = a.organization_id and w.enabled and a.event::text = any (w.events)
    and (w.workspace_id is null or w.workspace_id = a.of_workspace)
    and (w.format <> 'SLACK' or a.height = 1)
  on conflict (organization_id, webhook_id, alert_id, event) do nothing;
  get diagnostics queued = row_count;
  if queued > 0 then
    perform notify_webhook_due();
  end if;
  return null;
end
$$;

create or replace trigger alerts_queue_webhooks after insert on alerts
  referencing new table as raised
  for each statement execute function queue_webhooks();
create or replace trigger alerts_queue_reset_webhooks after update on alerts
  referencing old table as former new table as raised
  for each statement execute function queue_webhooks();
