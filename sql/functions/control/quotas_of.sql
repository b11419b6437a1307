-- quotas_of returns the quotas of the given organizations, and how much of each is used.
create or replace function quotas_of(p_organization_ids uuid[]) returns setof quota_statuses
language sql stable
as $$
  select o.id, q.name, quota_of(o.id, q.name), default_quota(q.name), quota_used(o.id, q.name, null)
  from unnest(p_organization_ids) o (id)
  cross join unnest(enum_range(null::quota_name)) q (name)
  order by o.id, q.name
$$;
