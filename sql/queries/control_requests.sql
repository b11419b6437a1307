-- ClaimControlRequest stores a request id of the control plane, or finds it stored already; then its object is not null. It waits
-- for a transaction that is storing the same one, and locks the row.
-- name: ClaimControlRequest :one
insert into control_requests as r (organization_id, request_id, fingerprint) values (@organization_id, @request_id, @fingerprint)
on conflict (organization_id, request_id) do update set request_id = r.request_id
returning *;

-- CompleteControlRequest stores what the request that was claimed has created or changed, and what its answer shows of it.
-- name: CompleteControlRequest :exec
update control_requests r set
  object_id = @object_id::uuid,
  secret_prefix = sqlc.narg('secret_prefix'),
  transition_ends_at = sqlc.narg('transition_ends_at')
where r.organization_id = @organization_id and r.request_id = @request_id;

-- DeleteControlRequests deletes request ids of the control plane that are older than their retention, of organizations that are HERE, at most
-- a number of them.
-- name: DeleteControlRequests :execrows
delete from control_requests s
using (
  select r.organization_id, r.request_id from control_requests r
  where r.created_at < clock_timestamp() - @keep::interval and r.organization_id <> all ((select moved_organizations())::uuid[])
  limit @number
) o
where s.organization_id = o.organization_id and s.request_id = o.request_id;
