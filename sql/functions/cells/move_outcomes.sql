-- move_outcomes returns what has become of what is awaited (move_awaited) in the database that an organization has left, as rows of its deliveries; it
-- leaves out what is still under way. A call to the mail provider that was certainly not accepted is dissolved: its deliveries are in no mail then.
create or replace function move_outcomes(p_organization_id uuid, p_awaited jsonb) returns jsonb
language sql volatile
as $$
  select jsonb_build_object(
    'mails', coalesce((
      select jsonb_agg(jsonb_build_object('awaited', a.mail_id, 'row', to_jsonb(d)))
      from jsonb_populate_recordset(null::alert_deliveries, p_awaited -> 'mails') a
      join alert_deliveries d on d.organization_id = p_organization_id and d.alert_id = a.alert_id and d.purpose = a.purpose and d.address = a.address
      where not exists (select from mails m where m.organization_id = p_organization_id and m.id = d.mail_id)), '[]'),
    'webhooks', coalesce((
      select jsonb_agg(to_jsonb(d)) from jsonb_populate_recordset(null::webhook_deliveries, p_awaited -> 'webhooks') a
      join webhook_deliveries d on d.organization_id = p_organization_id and d.id = a.id and d.attempts = a.attempts
      where d.claimed_until is null), '[]'))
$$;
