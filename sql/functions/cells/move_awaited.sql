-- move_awaited returns what was on its way to the mail provider or to a webhook when its organization came here. The database that began it ends it, so
-- that it is sent once: it has the mail provider's idempotency key. What became of it is told by move_outcomes there and move_tell here. Pending is how much of
-- it is to be waited for: a webhook delivery whose claim is over is sent again from here, as after the end of a worker.
create or replace function move_awaited(p_organization_id uuid) returns jsonb
language sql volatile
as $$
  with mails as (
    select d.alert_id, d.purpose, d.address, d.mail_id from alert_deliveries d
    where d.organization_id = p_organization_id and d.status = 'QUEUED' and d.mail_id is not null
      and not exists (select from mails m where m.organization_id = d.organization_id and m.id = d.mail_id)
  ), webhooks as (
    select d.id, d.attempts, d.claimed_until > clock_timestamp() as claimed from webhook_deliveries d
    where d.organization_id = p_organization_id and d.status = 'QUEUED' and d.claimed_until is not null
  )
  select jsonb_build_object(
    'mails', coalesce((select jsonb_agg(to_jsonb(m)) from mails m), '[]'), 'webhooks', coalesce((select jsonb_agg(to_jsonb(w)) from webhooks w), '[]'),
    'pending', (select count(*) from mails) + (select count(*) from webhooks w where w.claimed))
$$;
