-- AddMember adds a person to an organization. Raises members_email_key for an address that is a member already.
-- name: AddMember :one
insert into members (organization_id, email, name, role)
values (@organization_id, @email, sqlc.narg('name'), @role) returning *;

-- UpdateMember changes what is not null. No row when there is no such member.
-- name: UpdateMember :one
update members m set
  name = coalesce(sqlc.narg('name'), m.name),
  role = coalesce(sqlc.narg('role')::member_role, m.role)
where m.id = @id and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'))
returning *;

-- LockOrganizationOfMember locks the organization of a member until the transaction ends: removing a member changes keys,
-- which enforcement changes under that lock.
-- name: LockOrganizationOfMember :exec
select lock_organizations(array(select m.organization_id from members m where m.id = @id));

-- RemoveMember removes a person and revokes the access tokens that were theirs. No row when there is no such member.
-- name: RemoveMember :one
with revoked as (
  update access_tokens t set revoked_at = clock_timestamp()
  where t.member_id = @id and t.revoked_at is null
    and (sqlc.narg('organization_id')::uuid is null or t.organization_id = sqlc.narg('organization_id'))
)
delete from members m
where m.id = @id and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'))
returning *;

-- FindMembers returns those members of the given ids that exist, within an organization (null: in any).
-- name: FindMembers :many
select * from members m
where m.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'));

-- ListMembers returns members of each of the given organizations after a keyset cursor (null: from the start), oldest first;
-- the number is of each organization's.
-- name: ListMembers :many
select m.* from unnest(@organization_ids::uuid[]) o (id)
cross join lateral (
  select * from members m
  where m.organization_id = o.id and (sqlc.narg('after')::uuid is null or m.id > sqlc.narg('after'))
  order by m.id limit @number
) m
order by m.organization_id, m.id;

-- CountMembers counts the members of each of the given organizations; no row for one that has none.
-- name: CountMembers :many
select m.organization_id, count(*) as number from members m
where m.organization_id = any (@organization_ids::uuid[]) group by m.organization_id;
