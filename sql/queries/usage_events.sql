-- FindUsageEvents returns those ledger rows of the given ids that exist, within an organization. recorded_from and recorded_to
-- come from the times in the ids, which are UUIDs of version 7, so that no other partitions are read.
-- name: FindUsageEvents :many
select * from usage_events e
where e.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or e.organization_id = sqlc.narg('organization_id'))
  and e.recorded_at >= @recorded_from and e.recorded_at < @recorded_to;

-- ListUsageEvents returns ledger rows of an organization between two of them (null: no bound), newest first, or oldest first if backward: of a
-- workspace, of some API keys or of those that a member created, of models, of providers, of service tiers and of a time (null: of all), or those alone that were
-- booked without a price and have not been priced since.
-- name: ListUsageEvents :many
select * from usage_events_of(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], @unpriced::boolean, sqlc.narg('from_time')::timestamptz, sqlc.narg('to_time')::timestamptz,
  sqlc.narg('after')::uuid, sqlc.narg('before')::uuid, @backward, @number);

-- CountUsageEvents counts what ListUsageEvents would list in all.
-- name: CountUsageEvents :one
select count_usage_events(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], @unpriced::boolean, sqlc.narg('from_time')::timestamptz, sqlc.narg('to_time')::timestamptz)::bigint
  as number;
