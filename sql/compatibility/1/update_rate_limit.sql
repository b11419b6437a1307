-- update_rate_limit without switches, for servers of release 1.
create or replace function update_rate_limit(p_organization_id uuid, p_id uuid, p_max_units bigint, p_now timestamptz default null)
returns setof limit_statuses
language sql volatile
as $$
  select * from update_rate_limit(p_organization_id, p_id, p_max_units, null::boolean, null::limit_mode, p_now)
$$;
