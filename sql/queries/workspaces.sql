-- CreateWorkspace creates a workspace. Raises workspaces_slug_key for a slug that its organization has already.
-- name: CreateWorkspace :one
insert into workspaces (organization_id, name, slug) values (@organization_id, @name, @slug) returning *;

-- FindWorkspaces returns those workspaces of the given ids that exist, within an organization (null: in any).
-- name: FindWorkspaces :many
select * from workspaces w
where w.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or w.organization_id = sqlc.narg('organization_id'));

-- ListWorkspaces returns an organization's workspaces after a keyset cursor (null: from the start), oldest first.
-- name: ListWorkspaces :many
select * from workspaces w
where w.organization_id = @organization_id and (sqlc.narg('after')::uuid is null or w.id > sqlc.narg('after'))
order by w.id limit @number;

-- CountWorkspaces counts an organization's workspaces.
-- name: CountWorkspaces :one
select count(*) from workspaces w where w.organization_id = @organization_id;
