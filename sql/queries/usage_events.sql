-- FindUsageEvents returns those ledger rows of the given ids that exist, within an organization. recorded_from and recorded_to
-- come from the times in the ids, which are UUIDs of version 7, so that no other partitions are read.
-- name: FindUsageEvents :many
select * from usage_events e
where e.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or e.organization_id = sqlc.narg('organization_id'))
  and e.recorded_at >= @recorded_from and e.recorded_at < @recorded_to;

-- ListUsageEvents returns ledger rows of an organization between two of them (null: no bound), newest first, or oldest first if backward: of a
-- workspace, of some API keys or of those that a member created, of models, of providers and of a time (null: of all).
-- name: ListUsageEvents :many
select * from usage_events_of(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  sqlc.narg('models')::text[], sqlc.narg('providers')::text[], sqlc.narg('from_time')::timestamptz, sqlc.narg('to_time')::timestamptz,
  sqlc.narg('after')::uuid, sqlc.narg('before')::uuid, @backward, @number);

-- CountUsageEvents counts what ListUsageEvents would list in all.
-- name: CountUsageEvents :one
select count(*) from usage_events e
where e.organization_id = @organization_id
  and e.recorded_at >= coalesce(sqlc.narg('from_time')::timestamptz, '-infinity')
  and e.recorded_at < coalesce(sqlc.narg('to_time')::timestamptz, 'infinity')
  and (sqlc.narg('workspace_id')::uuid is null or e.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('api_key_ids')::uuid[] is null or e.api_key_id = any (sqlc.narg('api_key_ids')::uuid[]))
  and (sqlc.narg('created_by_id')::uuid is null or e.api_key_id in (
    select k.id from api_keys k where k.organization_id = @organization_id and k.created_by_id = sqlc.narg('created_by_id')))
  and (sqlc.narg('models')::text[] is null or e.model = any (sqlc.narg('models')::text[]))
  and (sqlc.narg('providers')::text[] is null or e.provider = any (sqlc.narg('providers')::text[]));
