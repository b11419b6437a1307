-- CreateWorkspace creates a workspace. Raises workspaces_slug_key for a slug that its organization has already.
-- name: CreateWorkspace :one
insert into workspaces (organization_id, name, slug) values (@organization_id, @name, @slug) returning *;

-- FindWorkspaces returns those workspaces of the given ids that exist, within an organization (null: in any).
-- name: FindWorkspaces :many
select * from workspaces w
where w.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or w.organization_id = sqlc.narg('organization_id'));

-- ListWorkspaces returns workspaces of each of the given organizations after a keyset cursor (null: from the start), oldest first;
-- the number is of each organization's.
-- name: ListWorkspaces :many
select w.* from unnest(@organization_ids::uuid[]) o (id)
cross join lateral (
  select * from workspaces w
  where w.organization_id = o.id and (sqlc.narg('after')::uuid is null or w.id > sqlc.narg('after'))
  order by w.id limit @number
) w
order by w.organization_id, w.id;

-- CountWorkspaces counts the workspaces of each of the given organizations; no row for one that has none.
-- name: CountWorkspaces :many
select w.organization_id, count(*) as number from workspaces w
where w.organization_id = any (@organization_ids::uuid[]) group by w.organization_id;
