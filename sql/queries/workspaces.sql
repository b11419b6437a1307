-- CreateWorkspace creates a workspace. Raises workspaces_slug_key for a slug that its organization has already; that of a deleted
-- workspace is free.
-- name: CreateWorkspace :one
insert into workspaces (organization_id, name, slug) values (@organization_id, @name, @slug) returning *;

-- LockWorkspace returns a workspace that was not deleted, and locks it until the transaction ends. No row when there is none.
-- name: LockWorkspace :one
select * from workspaces w where w.id = @id and w.organization_id = @organization_id and w.deleted_at is null for no key update;

-- UpdateWorkspace changes what is not null. No row when there is no such workspace. Raises workspaces_slug_key for a slug that its
-- organization has already.
-- name: UpdateWorkspace :one
update workspaces w set name = coalesce(sqlc.narg('name'), w.name), slug = coalesce(sqlc.narg('slug'), w.slug)
where w.id = @id and w.organization_id = @organization_id and w.deleted_at is null
returning *;

-- DeleteWorkspace deletes a workspace that owns no API key that is not revoked, and returns how many it owns; null when there is no
-- such workspace.
-- name: DeleteWorkspace :one
select t.keys::bigint as keys from (select delete_workspace(@organization_id, @id) as keys) t where t.keys is not null;

-- FindWorkspaces returns those workspaces of the given ids that exist, deleted ones among them, within an organization (null: in
-- any).
-- name: FindWorkspaces :many
select * from workspaces w
where w.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or w.organization_id = sqlc.narg('organization_id'));

-- ListWorkspaces returns the workspaces that were not deleted of each of the given organizations between two keyset cursors
-- (null: no bound), oldest first, or newest first if backward; the number is of each organization's.
-- name: ListWorkspaces :many
select w.* from unnest(@organization_ids::uuid[]) o (id)
cross join lateral (
  select * from workspaces w
  where w.organization_id = o.id and w.deleted_at is null and (sqlc.narg('after')::uuid is null or w.id > sqlc.narg('after'))
    and (sqlc.narg('before')::uuid is null or w.id < sqlc.narg('before'))
  order by case when not @backward::boolean then w.id end, case when @backward then w.id end desc limit @number
) w
order by w.organization_id, case when not @backward then w.id end, case when @backward then w.id end desc;

-- CountWorkspaces counts the workspaces that were not deleted of each of the given organizations; no row for one that has none.
-- name: CountWorkspaces :many
select w.organization_id, count(*) as number from workspaces w
where w.organization_id = any (@organization_ids::uuid[]) and w.deleted_at is null group by w.organization_id;
