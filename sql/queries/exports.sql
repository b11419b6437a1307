-- ExportUsage returns sums of an organization's usage in whole buckets, from the row after another one on, at most a number of them; see
-- export_usage.
-- name: ExportUsage :many
select * from export_usage(@organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_ids')::uuid[], @first_start, @end_start,
  sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], @bucket_interval, (@dimensions::text[])::usage_dimension[], @with_denied,
  @after_start, @after_workspace_id, @after_api_key_id, @after_provider, @after_model,
  @after_service_tier, @number, sqlc.narg('starts')::timestamptz[]);

-- ListLocalBuckets returns what local_bucket_bounds returns, each with whether it is within an hour of UTC.
-- name: ListLocalBuckets :many
select b.at::timestamptz as at, (b.at <> period_start('HOUR', b.at))::boolean as divides_hour
from local_bucket_bounds(@bucket_interval::usage_interval, @time_zone::text, @week_starts_on::smallint, @from_time::timestamptz, @to_time::timestamptz, @number::integer) b (at);

-- FindFirstUsage returns an instant before which an organization has neither usage nor denied requests; now if it has none. The clock may have
-- been set back by an hour since the first row that is not rolled up.
-- name: FindFirstUsage :one
select least(
  (select min(u.bucket_start) from usage_workspace_days u where u.organization_id = @organization_id),
  (select e.recorded_at - interval '1 hour' from usage_events e
   where e.organization_id = @organization_id
     and e.position > coalesce((select w.position from rollup_watermarks w where w.organization_id = @organization_id), 0)
   order by e.position limit 1),
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
-- API keys, of models, of providers, of service tiers, recorded from a time, before a time; each filter may be null. Names and key_metadata are of now.
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
  and (sqlc.narg('service_tiers')::text[] is null or e.service_tier = any ((sqlc.narg('service_tiers')::text[])::service_tier[]))
  and (sqlc.narg('from_time')::timestamptz is null or e.recorded_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or e.recorded_at < sqlc.narg('to_time'))
order by e.position;
