-- quota_of returns an organization's quota: what the operator has set, or the default.
create or replace function quota_of(p_organization_id uuid, p_name quota_name) returns integer
language sql stable
as $$
  select coalesce(
    (select q.maximum from organization_quotas q where q.organization_id = p_organization_id and q.name = p_name),
    default_quota(p_name))
$$;
