-- SetActor sets actor, action, request id and reason of this transaction, for the audit log; the member and the access token who
-- are kept as makers of tokens and secrets (null: none); and its database role (null: not changed) and the organization whose rows it
-- may see.
-- name: SetActor :exec
select set_config('role', coalesce(sqlc.narg('role')::text, current_setting('role')), true),
  set_config('bursar.organization', @organization, true), set_config('bursar.actor', @actor, true), set_config('bursar.action', @action, true),
  set_config('bursar.request_id', @request_id, true), set_config('bursar.reason', @reason, true),
  set_config('bursar.member_id', coalesce(sqlc.narg('member_id')::uuid::text, ''), true),
  set_config('bursar.token_id', coalesce(sqlc.narg('token_id')::uuid::text, ''), true);

-- ListAuditLog returns entries of an organization between two keyset cursors (null: no bound), newest first, or oldest first if backward:
-- of one target, by one actor, of one action, from a time, before a time; each filter may be null. Ids begin with the time: from_id and
-- to_id bound what is read of the index.
-- name: ListAuditLog :many
select * from audit_log a
where a.organization_id = @organization_id
  and (sqlc.narg('target_id')::uuid is null or a.target_id = sqlc.narg('target_id'))
  and (sqlc.narg('actor')::text is null or a.actor = sqlc.narg('actor'))
  and (sqlc.narg('action')::text is null or a.action = sqlc.narg('action'))
  and (sqlc.narg('from_time')::timestamptz is null or a.at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.at < sqlc.narg('to_time'))
  and (sqlc.narg('from_id')::uuid is null or a.id >= sqlc.narg('from_id'))
  and (sqlc.narg('to_id')::uuid is null or a.id < sqlc.narg('to_id'))
  and (sqlc.narg('after')::uuid is null or a.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or a.id > sqlc.narg('before'))
order by case when @backward::boolean then a.id end, case when not @backward then a.id end desc limit @number;

-- ListEveryAuditEntry is ListAuditLog for the operator: entries of all organizations, in the order that audit_log_newest_idx has.
-- name: ListEveryAuditEntry :many
select * from audit_log a
where (sqlc.narg('target_id')::uuid is null or a.target_id = sqlc.narg('target_id'))
  and (sqlc.narg('action')::text is null or a.action = sqlc.narg('action'))
  and (sqlc.narg('from_time')::timestamptz is null or a.at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.at < sqlc.narg('to_time'))
  and (sqlc.narg('from_id')::uuid is null or uuid_send(a.id) >= uuid_send(sqlc.narg('from_id')))
  and (sqlc.narg('to_id')::uuid is null or uuid_send(a.id) < uuid_send(sqlc.narg('to_id')))
  and (sqlc.narg('after')::uuid is null or uuid_send(a.id) < uuid_send(sqlc.narg('after')))
  and (sqlc.narg('before')::uuid is null or uuid_send(a.id) > uuid_send(sqlc.narg('before')))
order by case when @backward::boolean then uuid_send(a.id) end, case when not @backward then uuid_send(a.id) end desc limit @number;

-- ExportAuditLog returns entries of an organization after one id and before another (null: to the newest), oldest first: of one
-- target, by one actor, of one action, from a time, before a time; each filter may be null.
-- name: ExportAuditLog :many
select * from audit_log a
where a.organization_id = @organization_id
  and a.id > @after
  and (sqlc.narg('target_id')::uuid is null or a.target_id = sqlc.narg('target_id'))
  and (sqlc.narg('actor')::text is null or a.actor = sqlc.narg('actor'))
  and (sqlc.narg('action')::text is null or a.action = sqlc.narg('action'))
  and (sqlc.narg('before')::uuid is null or a.id < sqlc.narg('before'))
  and (sqlc.narg('from_time')::timestamptz is null or a.at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.at < sqlc.narg('to_time'))
order by a.id limit @number;

-- ExportEveryAuditEntry is ExportAuditLog for entries of all organizations, in the order that audit_log_newest_idx has.
-- name: ExportEveryAuditEntry :many
select * from audit_log a
where uuid_send(a.id) > uuid_send(@after::uuid)
  and (sqlc.narg('target_id')::uuid is null or a.target_id = sqlc.narg('target_id'))
  and (sqlc.narg('action')::text is null or a.action = sqlc.narg('action'))
  and (sqlc.narg('before')::uuid is null or uuid_send(a.id) < uuid_send(sqlc.narg('before')))
  and (sqlc.narg('from_time')::timestamptz is null or a.at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.at < sqlc.narg('to_time'))
order by uuid_send(a.id) limit @number;

-- IsAuditTarget tells whether an id is the target of an entry, within an organization (null: in any).
-- name: IsAuditTarget :one
select exists (
  select from audit_log a
  where a.target_id = @target_id
    and (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id')))::boolean as known;

-- FindAuditEntries returns those entries of the given ids that exist, within an organization (null: in any).
-- name: FindAuditEntries :many
select * from audit_log a
where a.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'));
