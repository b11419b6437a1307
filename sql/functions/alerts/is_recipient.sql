-- is_recipient tells whether an address, as fold_case makes it, is among the recipients of a subject's alerts, as recipients_of
-- returns them: an owner or admin, an API key's creator, or added. It reads an entry of an index for each, however many recipients
-- the subject has.
create or replace function is_recipient(p_organization_id uuid, p_subject_id uuid, p_address text) returns boolean
language sql stable
as $$
  select exists (
      select from members m
      where m.organization_id = p_organization_id and fold_case(m.email) = p_address and m.status = 'ACTIVE'
        and (m.role in ('OWNER', 'ADMIN') or m.id = (
          select k.created_by_id from api_keys k where k.organization_id = p_organization_id and k.id = p_subject_id)))
    or exists (
      select from recipients r
      where r.organization_id = p_organization_id and r.subject_id = p_subject_id and r.address = p_address)
$$;
