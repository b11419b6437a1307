-- recipients_of returns the recipients of the given subjects' alerts: the organization's owners and admins, an API key's creator,
-- and added addresses. Each address is returned once, without regard to case (see fold_case). At each index the arrays have a subject and its
-- organization. Members who are invited and have not accepted are not among them. Suppressed addresses (bounced or complained) are among them, with the time and the reason.
create or replace function recipients_of(p_organization_ids uuid[], p_subject_ids uuid[]) returns setof subject_recipients
language sql stable
as $$
  select distinct on (c.subject_id, fold_case(c.email)) c.subject_id, c.email, c.source, a.suppressed_at, a.reason
  from (
    select s.organization_id, s.subject_id, m.email, m.role::text::recipient_source as source
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join members m on m.organization_id = s.organization_id and m.role in ('OWNER', 'ADMIN') and m.status = 'ACTIVE'
    union all
    select s.organization_id, s.subject_id, m.email, 'CREATOR'
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join api_keys k on k.organization_id = s.organization_id and k.id = s.subject_id
    join members m on m.organization_id = k.organization_id and m.id = k.created_by_id and m.status = 'ACTIVE'
    union all
    select s.organization_id, s.subject_id, r.email, 'ADDED'
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join recipients r on r.organization_id = s.organization_id and r.subject_id = s.subject_id
  ) c
  left join suppressed_addresses a on a.organization_id = c.organization_id and a.address = fold_case(c.email)
  order by c.subject_id, fold_case(c.email), c.source
$$;
