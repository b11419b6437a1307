-- quota_used returns how much of a quota is used. Of a quota per subject it is what the given subject has, or without one (null) what
-- the subject has that has most. Deleted workspaces, revoked API keys, and revoked and expired access tokens do not count.
create or replace function quota_used(p_organization_id uuid, p_name quota_name, p_subject_id uuid) returns bigint
language sql stable
as $$
  select case
    when p_name = 'MEMBERS' then (select count(*) from members m where m.organization_id = p_organization_id)
    when p_name = 'ADMINISTRATORS' then (
      select count(*) from members m where m.organization_id = p_organization_id and m.role in ('OWNER', 'ADMIN'))
    when p_name = 'WORKSPACES' then (
      select count(*) from workspaces w where w.organization_id = p_organization_id and w.deleted_at is null)
    when p_name = 'API_KEYS' then (
      select count(*) from api_keys k where k.organization_id = p_organization_id and k.revoked_at is null)
    when p_name = 'ACCESS_TOKENS' then (
      select count(*) from access_tokens t
      where t.organization_id = p_organization_id and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > clock_timestamp()))
    when p_name = 'LIMITS_PER_SUBJECT' and p_subject_id is not null then (
      select count(*) from limits l where l.organization_id = p_organization_id and l.subject_id = p_subject_id)
    when p_name = 'LIMITS_PER_SUBJECT' then (
      select coalesce(max(s.number), 0) from (
        select count(*) as number from limits l where l.organization_id = p_organization_id group by l.subject_id) s)
    when p_name = 'RECIPIENTS_PER_SUBJECT' and p_subject_id is not null then (
      select count(*) from recipients r where r.organization_id = p_organization_id and r.subject_id = p_subject_id)
    when p_name = 'RECIPIENTS_PER_SUBJECT' then (
      select coalesce(max(s.number), 0) from (
        select count(*) as number from recipients r where r.organization_id = p_organization_id group by r.subject_id) s)
    when p_name = 'POLICIES' then (select count(*) from policies p where p.organization_id = p_organization_id)
    when p_name = 'WEBHOOKS' then (select count(*) from webhooks w where w.organization_id = p_organization_id)
    when p_name = 'MAILS_PER_HOUR' then coalesce((
      select m.mails from organization_mails m
      where m.organization_id = p_organization_id and m.hour_start > clock_timestamp() - interval '1 hour'), 0)
  end
$$;
