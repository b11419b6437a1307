-- resend_alert queues the mail of an alert for those whom hearers_of names now and who have not been sent it: who were added since, or whose
-- delivery failed or bounced. p_emails restricts it to some of them, without regard to case (null: all). No mail is queued of a key that
-- sends none. Writes the audit log. Returns how many mails it queued. Runs as the owner: servers may not make deliveries.
create or replace function resend_alert(p_organization_id uuid, p_id uuid, p_emails text[]) returns integer
language plpgsql volatile security definer
set search_path from current
as $$
declare
  resent_at constant timestamptz := clock_timestamp();
  resent text[];
begin
  if not acts_for_organization(p_organization_id) then
    return 0;
  end if;
  perform hold_residence(p_organization_id);
  with queued as (
    insert into alert_deliveries as d (organization_id, alert_id, address, email, queued_at, next_attempt_at)
    select p_organization_id, p_id, fold_case(h.email), h.email, resent_at, resent_at
    from hearers_of(p_organization_id, p_id) h (email)
    where p_emails is null or fold_case(h.email) in (select fold_case(e.email) from unnest(p_emails) e (email))
    on conflict (organization_id, alert_id, purpose, address) do update set
      email = excluded.email, status = 'QUEUED', attempts = 0, last_error = null, mail_id = null, provider_id = null,
      queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at, first_attempt_at = null, sent_at = null
    where d.status in ('FAILED', 'BOUNCED')
    returning d.email
  )
  select array_agg(q.email order by q.email) into resent from queued q;
  if resent is not null then
    insert into audit_log (organization_id, action, actor, target_type, target_id, after, request_id, reason)
    values (p_organization_id, coalesce(nullif(current_setting('bursar.action', true), ''), 'resend alert'),
      audit_actor(p_organization_id), 'alt', p_id, jsonb_build_object('resentTo', to_jsonb(resent)),
      nullif(current_setting('bursar.request_id', true), ''), nullif(current_setting('bursar.reason', true), ''));
  end if;
  return coalesce(cardinality(resent), 0);
end
$$;
