-- SetActor names who acts in this transaction, by which operation, in which request and why, for the audit log.
-- name: SetActor :exec
select set_config('bursar.actor', @actor, true), set_config('bursar.action', @action, true),
  set_config('bursar.request_id', @request_id, true), set_config('bursar.reason', @reason, true);

-- ListAuditLog returns entries before a keyset cursor (null: from the newest), newest first: of one target, of one action,
-- from a time, before a time; each filter may be null.
-- name: ListAuditLog :many
select * from audit_log a
where (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('target_id')::uuid is null or a.target_id = sqlc.narg('target_id'))
  and (sqlc.narg('action')::text is null or a.action = sqlc.narg('action'))
  and (sqlc.narg('from_time')::timestamptz is null or a.at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.at < sqlc.narg('to_time'))
  and (sqlc.narg('after')::uuid is null or a.id < sqlc.narg('after'))
order by a.id desc limit @number;

-- FindAuditEntries returns those entries of the given ids that exist, within an organization (null: in any).
-- name: FindAuditEntries :many
select * from audit_log a
where a.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'));
