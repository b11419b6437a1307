-- batch_limits returns the limits of each request of a batch as they stand at an instant, as a JSON array; empty for those
-- that skip them. Each limit is looked up once, however many requests it holds for.
create or replace function batch_limits(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_skip_limits boolean[], p_now timestamptz)
returns table (ordinal bigint, statuses jsonb)
language sql stable
as $$
  with requests as materialized (
    select q.* from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids, p_skip_limits)
      with ordinality q (organization_id, workspace_id, api_key_id, skip, ordinal)
  ), shown as materialized (
    select s.* from limit_statuses_at(p_now) s
    where s.organization_id = any (array(select q.organization_id from requests q where q.skip is not true))
      and s.subject_id = any (array(
        select x.id from requests q, unnest(array[q.organization_id, q.workspace_id, q.api_key_id]) x (id)
        where q.skip is not true))
  )
  select q.ordinal, coalesce(
    jsonb_agg(to_jsonb(s) order by s.subject_type, s.kind, s.id) filter (where s.id is not null), '[]')
  from requests q
  left join shown s on q.skip is not true and s.organization_id = q.organization_id
    and s.subject_id in (q.organization_id, q.workspace_id, q.api_key_id)
  group by q.ordinal
$$;
