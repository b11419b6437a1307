-- ExportUsage returns sums of an organization's usage in whole buckets that begin within a time: of a workspace (null: any), of API keys
-- (null: any), of models and providers (null: any), by the dimensions that are asked for, the others empty or the zero id. Buckets
-- without usage are left out, and so are denied requests unless they are asked for. Rows come in the order of buckets, workspaces, keys,
-- providers and models, after a row, at most a number of them.
-- name: ExportUsage :many
with rows as (
  select u.bucket_start as at, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, 0::numeric as denied
  from usage_hours u
  where @bucket_interval::usage_interval = 'HOUR' and u.organization_id = @organization_id
    and u.bucket_start >= @first_start::timestamptz and u.bucket_start < @end_start::timestamptz
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos, 0
  from usage_days u
  where @bucket_interval <> 'HOUR' and u.organization_id = @organization_id
    and u.bucket_start >= @first_start and u.bucket_start < @end_start
  union all
  select e.recorded_at, e.api_key_id, e.workspace_id, e.provider, e.model, e.requests, e.input_tokens, e.output_tokens,
    e.cached_input_tokens, e.cache_write_tokens, e.cost_nanos, 0
  from usage_events e
  -- the upper bound excludes nothing: see usage_tail
  where e.organization_id = @organization_id and e.position <= 9223372036854775807
    and e.position > coalesce((select w.position from rollup_watermarks w where w.organization_id = @organization_id), 0)
    and e.recorded_at >= @first_start and e.recorded_at < @end_start
  union all
  select d.hour, d.api_key_id, d.workspace_id, '', '', 0, 0, 0, 0, 0, 0, d.requests
  from denial_counts d
  where @with_denied::boolean and d.organization_id = @organization_id and d.requests > 0
    and d.id >= first_id_at(@first_start) and d.id < first_id_at(@end_start)
), sums as (
  select
    period_start((case @bucket_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else @bucket_interval::text end)::limit_period, r.at)::timestamptz as bucket_start,
    coalesce(case when @by_workspace::boolean then r.workspace_id end, '00000000-0000-0000-0000-000000000000')::uuid as workspace_id,
    coalesce(case when @by_api_key::boolean then r.api_key_id end, '00000000-0000-0000-0000-000000000000')::uuid as api_key_id,
    (case when @by_provider::boolean then r.provider else '' end)::text as provider,
    (case when @by_model::boolean then r.model else '' end)::text as model,
    sum(r.requests)::numeric as requests, sum(r.input_tokens)::numeric as input_tokens, sum(r.output_tokens)::numeric as output_tokens,
    sum(r.cached_input_tokens)::numeric as cached_input_tokens, sum(r.cache_write_tokens)::numeric as cache_write_tokens,
    sum(r.cost_nanos)::numeric as cost_nanos, sum(r.denied)::numeric as denied
  from rows r
  where (sqlc.narg('workspace_id')::uuid is null or r.workspace_id = sqlc.narg('workspace_id'))
    and (sqlc.narg('api_key_ids')::uuid[] is null or r.api_key_id = any (sqlc.narg('api_key_ids')::uuid[]))
    and (sqlc.narg('models')::text[] is null or r.model = any (sqlc.narg('models')::text[]))
    and (sqlc.narg('providers')::text[] is null or r.provider = any (sqlc.narg('providers')::text[]))
  group by 1, 2, 3, 4, 5
), page as (
  select * from sums s
  where (s.bucket_start, s.workspace_id, s.api_key_id, s.provider, s.model)
    > (@after_start::timestamptz, @after_workspace_id::uuid, @after_api_key_id::uuid, @after_provider::text, @after_model::text)
  order by s.bucket_start, s.workspace_id, s.api_key_id, s.provider, s.model
  limit @number
)
select p.*, k.name as api_key_name, k.metadata as api_key_metadata, w.name as workspace_name
from page p
left join api_keys k on k.organization_id = @organization_id and k.id = p.api_key_id
left join workspaces w on w.organization_id = @organization_id and w.id = p.workspace_id
order by p.bucket_start, p.workspace_id, p.api_key_id, p.provider, p.model;

-- FindFirstUsage returns the first instant of the first day in which an organization has usage or denied requests; now if it has none.
-- name: FindFirstUsage :one
select least(
  (select min(u.bucket_start) from usage_workspace_days u where u.organization_id = @organization_id),
  (select min(e.recorded_at) from usage_events e
   where e.organization_id = @organization_id and e.position <= 9223372036854775807
     and e.position > coalesce((select w.position from rollup_watermarks w where w.organization_id = @organization_id), 0)),
  (select d.hour from denial_counts d where d.organization_id = @organization_id order by d.id limit 1),
  clock_timestamp())::timestamptz as at;

-- ListAPIKeyIDsOf returns the ids of the API keys that a member created.
-- name: ListAPIKeyIDsOf :many
select k.id from api_keys k where k.organization_id = @organization_id and k.created_by_id = @member_id::uuid order by k.id;

-- FindLedgerPosition returns a position of an organization's ledger below which no row was recorded at an instant or after it; see
-- ledger_position_at.
-- name: FindLedgerPosition :one
select ledger_position_at(@organization_id, @at::timestamptz)::bigint as position;

-- FindLedgerPage returns how many rows an organization's ledger has after one position and before another, at most a number of them, and
-- the last one's position.
-- name: FindLedgerPage :one
select count(*) as number, coalesce(max(p.position), 0)::bigint as last
from (
  select e.position from usage_events e
  where e.organization_id = @organization_id and e.position > @after and e.position < @before
  order by e.position limit @number) p;

-- ExportUsageEvents returns the rows of an organization's ledger after one position and up to another, in their order: of a workspace, of
-- API keys, of models, of providers, recorded from a time, before a time; each filter may be null. Names and key_metadata are of now.
-- name: ExportUsageEvents :many
select sqlc.embed(e), k.name as api_key_name, k.metadata as api_key_metadata, w.name as workspace_name
from usage_events e
left join api_keys k on k.organization_id = e.organization_id and k.id = e.api_key_id
left join workspaces w on w.organization_id = e.organization_id and w.id = e.workspace_id
where e.organization_id = @organization_id and e.position > @after and e.position <= @upto
  and (sqlc.narg('workspace_id')::uuid is null or e.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('api_key_ids')::uuid[] is null or e.api_key_id = any (sqlc.narg('api_key_ids')::uuid[]))
  and (sqlc.narg('models')::text[] is null or e.model = any (sqlc.narg('models')::text[]))
  and (sqlc.narg('providers')::text[] is null or e.provider = any (sqlc.narg('providers')::text[]))
  and (sqlc.narg('from_time')::timestamptz is null or e.recorded_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or e.recorded_at < sqlc.narg('to_time'))
order by e.position;
