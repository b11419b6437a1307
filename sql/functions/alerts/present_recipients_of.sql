-- present_recipients_of returns who hears of an alert by now: the element of its budget's alert_recipients that took the place of the one by which it was raised. Null, the
-- subject's recipients, if it was raised by none or the budget has none by now; what it was raised by if the budget was deleted.
create or replace function present_recipients_of(p_alert alerts) returns jsonb
language sql stable
as $$
  select case
    when p_alert.recipients is null then null
    when not exists (select from limits l where l.organization_id = p_alert.organization_id and l.id = p_alert.budget_limit_id) then p_alert.recipients
    else (
      select r.element from limits l cross join lateral jsonb_array_elements(l.alert_recipients) r (element)
      where l.organization_id = p_alert.organization_id and l.id = p_alert.budget_limit_id
        and r.element - 'emails' - 'subject_recipients' = p_alert.recipients - 'emails' - 'subject_recipients')
  end
$$;
