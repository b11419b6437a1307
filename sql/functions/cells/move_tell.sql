-- move_tell notes in the database that decides for an organization what has become of what another one had begun to send (move_outcomes). What waits again is
-- sent from here.
create or replace function move_tell(p_organization_id uuid, p_outcomes jsonb) returns void
language plpgsql volatile
as $$
begin
  update alert_deliveries d set
    status = o.status, mail_id = o.mail_id, attempts = o.attempts, last_error = o.last_error, provider_id = coalesce(d.provider_id, o.provider_id),
    first_attempt_at = o.first_attempt_at, next_attempt_at = o.next_attempt_at, sent_at = coalesce(d.sent_at, o.sent_at)
  from (
    select (e.told ->> 'awaited')::uuid as awaited, r.*
    from jsonb_array_elements(p_outcomes -> 'mails') e (told) cross join lateral jsonb_populate_record(null::alert_deliveries, e.told -> 'row') r) o
  where d.organization_id = p_organization_id and d.alert_id = o.alert_id and d.purpose = o.purpose and d.address = o.address
    and d.status = 'QUEUED' and d.mail_id = o.awaited;
  update webhook_deliveries d set
    status = o.status, next_attempt_at = o.next_attempt_at, claimed_until = null, status_at = o.status_at, response_status = o.response_status,
    last_error = o.last_error, body = o.body
  from jsonb_populate_recordset(null::webhook_deliveries, p_outcomes -> 'webhooks') o
  where d.organization_id = p_organization_id and d.id = o.id and d.attempts = o.attempts and d.status = 'QUEUED' and d.claimed_until is not null;
  perform pg_notify('bursar_mail_due', '');
  perform notify_webhook_due();
end
$$;
