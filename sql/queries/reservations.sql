-- FindReservations returns those reservations of the given ids that exist, as they stand now, within an organization (null: in any).
-- name: FindReservations :many
select * from reservations_at(statement_timestamp()) r
where r.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or r.organization_id = sqlc.narg('organization_id'));

-- ListReservations returns what the API keys of an organization hold now, between two keyset cursors (null: no bound), newest
-- first, or oldest first if backward: of those that a workspace owned when they were admitted (null: any), and only leases, or only others (null: both). It sorts
-- all that the organization holds.
-- name: ListReservations :many
select r.* from reservations r
where r.organization_id = @organization_id and r.status = 'HELD' and r.expires_at > statement_timestamp()
  and not exists (
    select from ended_api_keys(@organization_id, statement_timestamp()) k
    where k.api_key_id = r.api_key_id and r.admitted_at <= k.ended_at)
  and (sqlc.narg('leases')::boolean is null or (r.leased is not null) = sqlc.narg('leases')::boolean)
  and (sqlc.narg('workspace_id')::uuid is null or r.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('after')::uuid is null or r.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or r.id > sqlc.narg('before'))
order by case when @backward::boolean then r.id end, case when not @backward then r.id end desc limit @number;

-- ListReservationsOfAPIKey is ListReservations for one key, which it reads alone.
-- name: ListReservationsOfAPIKey :many
select r.* from reservations r
where r.organization_id = @organization_id and r.api_key_id = @api_key_id and r.status = 'HELD'
  and r.expires_at > statement_timestamp()
  and not exists (
    select from ended_api_keys(@organization_id, statement_timestamp()) k
    where k.api_key_id = r.api_key_id and r.admitted_at <= k.ended_at)
  and (sqlc.narg('leases')::boolean is null or (r.leased is not null) = sqlc.narg('leases')::boolean)
  and (sqlc.narg('after')::uuid is null or r.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or r.id > sqlc.narg('before'))
order by case when @backward::boolean then r.id end, case when not @backward then r.id end desc limit @number;

-- ListReservationsByStatus returns reservations of an organization that have a status now, between two keyset cursors (null: no bound), newest
-- first, or oldest first if backward: of those that a workspace owned when they were admitted, or of a key (null: of any).
-- name: ListReservationsByStatus :many
select * from reservations_of(@organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), @status, sqlc.narg('after')::uuid,
  sqlc.narg('before')::uuid, @backward, @number);

-- CountReservationsByStatus counts what ListReservationsByStatus would list in all.
-- name: CountReservationsByStatus :one
select count(*) from reservations_at(statement_timestamp()) r
where r.organization_id = @organization_id::uuid and r.status = @status::reservation_status
  and (sqlc.narg('workspace_id')::uuid is null or r.workspace_id = sqlc.narg('workspace_id')::uuid)
  and (sqlc.narg('api_key_id')::uuid is null or r.api_key_id = sqlc.narg('api_key_id')::uuid);

-- CountReservations counts what ListReservations, or ListReservationsOfAPIKey, would list in all.
-- name: CountReservations :one
select count(*) from reservations r
where r.organization_id = @organization_id and r.status = 'HELD' and r.expires_at > statement_timestamp()
  and not exists (
    select from ended_api_keys(@organization_id, statement_timestamp()) k
    where k.api_key_id = r.api_key_id and r.admitted_at <= k.ended_at)
  and (sqlc.narg('leases')::boolean is null or (r.leased is not null) = sqlc.narg('leases')::boolean)
  and (sqlc.narg('workspace_id')::uuid is null or r.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('api_key_id')::uuid is null or r.api_key_id = sqlc.narg('api_key_id'));

-- ReleaseAPIKeyHolds ends what an API key holds and returns what was given back.
-- name: ReleaseAPIKeyHolds :one
select * from release_api_key_holds(@organization_id, @api_key_id);

-- FindReservationsByRequestIDs returns the ids of an organization's reservations that have request ids, with these, whatever became of them.
-- name: FindReservationsByRequestIDs :many
select r.id, r.request_id::text as request_id from reservations r
where r.organization_id = @organization_id and r.request_id = any (@request_ids::text[]);

-- FindReservationOfRequest returns the reservation of an organization under a request id, whatever became of it.
-- name: FindReservationOfRequest :one
select r.id, r.api_key_id, r.status, r.requests, r.tokens, r.cost_nanos from reservations r
where r.organization_id = @organization_id and r.request_id = @request_id::text;
