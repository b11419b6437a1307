-- count_denials adds denied requests to the counts of their hours. The arrays have an element for each combination of key, limit, reason
-- and hour. A key says which organization and workspace a count is of; where there is none (the zero id), p_organization_ids says so.
-- p_shadow says that the limit is in SHADOW, and would have denied them. Counts of keys and organizations that do not exist, or that are not HERE, are dropped. An hour is at most the current one, and at least that of a day ago.
-- Rows are written in the order of their ids, so that servers do not block each other for good. Returns how many rows it wrote.
--
-- Runs as the owner, because one call has counts of several organizations.
create or replace function count_denials(
  p_organization_ids uuid[], p_api_key_ids uuid[], p_limit_ids uuid[], p_limit_kinds limit_kind[], p_reasons denial_reason[],
  p_hours timestamptz[], p_denials bigint[], p_requests bigint[], p_shadow boolean[])
returns bigint
language sql volatile security definer
set search_path from current
as $$
  with given as (
    select c.*, nullif(c.api_key_id, n.none) as key_id, nullif(c.limit_id, n.none) as refusing_id,
      period_start('HOUR', least(greatest(c.hour, n.now - interval '1 day'), n.now)) as started
    from unnest(p_organization_ids, p_api_key_ids, p_limit_ids, p_limit_kinds, p_reasons, p_hours, p_denials, p_requests, p_shadow)
      c (organization_id, api_key_id, limit_id, limit_kind, reason, hour, denials, requests, shadow)
    cross join (select '00000000-0000-0000-0000-000000000000'::uuid as none, clock_timestamp() as now) n
  ), counted as (
    select o.id as organization_id, g.started, k.workspace_id, g.key_id, g.refusing_id,
      case when g.refusing_id is not null then g.limit_kind end as limit_kind, g.reason, g.shadow,
      sum(g.denials)::bigint as denials, sum(g.requests)::bigint as requests
    from given g
    left join api_keys k on k.id = g.key_id
    join organizations o on o.id = case when g.key_id is null then g.organization_id else k.organization_id end and o.residence = 'HERE'
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), written as (
    insert into denial_counts as d (
      organization_id, id, hour, workspace_id, api_key_id, limit_id, limit_kind, reason, denials, requests, shadow)
    select c.organization_id, (uuid_v7_prefix(c.started) || overlay(h.digits placing '8' from 4 for 1))::uuid as id, c.started,
      c.workspace_id, c.key_id, c.refusing_id, c.limit_kind, c.reason, c.denials, c.requests, c.shadow
    from counted c
    cross join lateral (
      select left(md5(concat_ws(' ', c.workspace_id, '/', c.key_id, '/', c.refusing_id, '/', c.reason,
        case when c.shadow then '/ shadow' end)), 19) as digits) h
    order by 1, 2
    on conflict (organization_id, id) do update set
      denials = d.denials + excluded.denials, requests = d.requests + excluded.requests, transaction_id = excluded.transaction_id
    returning 1
  )
  select count(*) from written
$$;
