-- hears_of tells whether an address, as fold_case makes it, is still one that an alert or the reset after it may be mailed to: see hearers_of. It
-- reads an entry of an index for each thing that it asks, however many recipients the subject has. Whom the budget names for any of its
-- alerts is not removed, nor, when it was deleted, whom it named for this one.
create or replace function hears_of(p_organization_id uuid, p_alert_id uuid, p_address text) returns boolean
language plpgsql stable
as $$
declare
  alert alerts;
  asked_by uuid;
begin
  select * into alert from alerts a where a.organization_id = p_organization_id and a.id = p_alert_id;
  if alert.kind not in ('RAISE_REQUESTED', 'RAISE_GRANTED', 'RAISE_DECLINED') then
    return is_recipient(p_organization_id, alert.subject_id, p_address) or alert.recipients is not null and exists (
      select from jsonb_array_elements(coalesce((
          select l.alert_recipients from limits l where l.organization_id = p_organization_id and l.id = alert.budget_limit_id),
        jsonb_build_array(alert.recipients))) r (element)
      cross join lateral jsonb_array_elements_text(r.element -> 'emails') e (email)
      where fold_case(e.email) = p_address);
  end if;
  select q.member_id into asked_by from raise_requests q where q.organization_id = p_organization_id and q.id = alert.raise_request_id;
  return exists (
    select from members m
    where m.organization_id = p_organization_id and fold_case(m.email) = p_address and m.status = 'ACTIVE'
      and case alert.kind when 'RAISE_REQUESTED' then m.role in ('OWNER', 'ADMIN') else m.id = asked_by end);
end
$$;
