-- add_denial_days adds the denied requests of an organization in the days from one to before another to its denial_days. Its caller has locked the
-- organization's watermark.
create or replace function add_denial_days(p_organization_id uuid, p_from timestamptz, p_to timestamptz) returns void
language sql volatile
as $$
  insert into denial_days (organization_id, day, workspace_id, api_key_id, requests)
  select p_organization_id, period_start('DAY', d.hour), d.workspace_id, d.api_key_id, sum(d.requests)
  from denial_counts d
  where d.organization_id = p_organization_id and d.requests > 0 and d.id >= first_id_at(p_from) and d.id < first_id_at(p_to)
  group by 2, 3, 4
$$;
