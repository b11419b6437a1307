-- hearers_of returns the addresses that an alert is to be mailed to at this moment, each once:
--   - RAISE_REQUESTED: those who may grant it, the organization's owners and admins, but for who asks;
--   - RAISE_GRANTED and RAISE_DECLINED: who asked;
--   - every other one: the recipients of the subject's alerts, or whom the budget names for this alert (see present_recipients_of); nobody if it is an
--     API key that sends no mail. Who asked for a raise hears that it was granted, and not that the budget was raised, too.
-- Members who are invited and have not accepted are not among the subject's recipients. hears_of tells the same of one address.
create or replace function hearers_of(p_organization_id uuid, p_alert_id uuid) returns setof text
language sql stable
as $$
  select h.email
  from alerts a
  cross join lateral (select present_recipients_of(a) as named offset 0) n
  cross join lateral (
    select distinct on (fold_case(e.email)) e.email
    from (
      select r.email, 1 as position
      from recipients_of(array[a.organization_id], array[a.subject_id]) r
      where n.named is null or (n.named ->> 'subject_recipients')::boolean
      union all
      select e.email, 2 from jsonb_array_elements_text(n.named -> 'emails') e (email)
    ) e
    order by fold_case(e.email), e.position
  ) h
  where a.organization_id = p_organization_id and a.id = p_alert_id and a.kind not in ('RAISE_REQUESTED', 'RAISE_GRANTED', 'RAISE_DECLINED')
    and not exists (select from api_keys k where k.organization_id = a.organization_id and k.id = a.api_key_id and not k.email_notifications)
    and fold_case(h.email) not in (
      select fold_case(m.email) from raise_requests q
      join members m on m.organization_id = q.organization_id and m.id = q.member_id
      where a.kind = 'RAISED' and q.organization_id = a.organization_id and q.id = a.raise_request_id)
  union all
  select m.email
  from alerts a
  join raise_requests q on q.organization_id = a.organization_id and q.id = a.raise_request_id
  join members m on m.organization_id = a.organization_id and m.status = 'ACTIVE'
  where a.organization_id = p_organization_id and a.id = p_alert_id
    and case
      when a.kind = 'RAISE_REQUESTED' then m.role in ('OWNER', 'ADMIN') and m.id <> q.member_id
      when a.kind in ('RAISE_GRANTED', 'RAISE_DECLINED') then m.id = q.member_id
      else false
    end
$$;
