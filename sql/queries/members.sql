-- AddMember adds a person to an organization. One who is to be invited is a member at once if the operator has allowed the address's
-- domain for the organization. Raises members_email_key for an address that is a member already, or invited.
-- name: AddMember :one
insert into members (organization_id, email, name, role, status)
values (@organization_id, @email, sqlc.narg('name'), @role, case
  when @invite::boolean and not coalesce((
    select fold_case(substring(@email from '[^@]*$')) = any (o.member_domains) from organizations o where o.id = @organization_id), false)
  then 'INVITED' else 'ACTIVE' end::member_status)
returning *;

-- AcceptMembership makes an invited person a member. No row for one who is not invited, or not any more.
-- name: AcceptMembership :one
update members m set status = 'ACTIVE'
where m.organization_id = @organization_id and m.id = @id and m.status = 'INVITED'
returning *;

-- EndMembership removes a person at their own wish: who is invited, or who is a member. No row for one who is not in that status, or
-- not any more. Raises members_last_owner_check at the end of the transaction.
-- name: EndMembership :one
delete from members m
where m.organization_id = @organization_id and m.id = @id and m.status = @status
returning *;

-- UpdateMember changes what is not null. No row when there is no such member. Raises members_last_owner_check at the end of the
-- transaction.
-- name: UpdateMember :one
update members m set
  name = coalesce(sqlc.narg('name'), m.name),
  role = coalesce(sqlc.narg('role')::member_role, m.role)
where m.id = @id and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'))
returning *;

-- GuardOwners raises UB002 if the change makes, changes or removes an OWNER and the caller may not do that. It locks the
-- organization, or that of the member, until the transaction ends: removing a member changes keys, which enforcement changes
-- under that lock.
-- name: GuardOwners :exec
select guard_owners(sqlc.narg('organization_id')::uuid, sqlc.narg('member_id')::uuid, sqlc.narg('role')::member_role, @operator,
  sqlc.narg('caller_id')::uuid);

-- RemoveMember removes a person; triggers revoke the access tokens that were bound to them, and keep who they were. No row when there
-- is no such member. Raises members_last_owner_check at the end of the transaction.
-- name: RemoveMember :one
delete from members m
where m.id = @id and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'))
returning *;

-- AuthenticateMember returns the memberships of the person with an address, without regard to case, by slug: at most a number of
-- them, and the one in a given organization (its slug or its id; null: in any). It reads members by fold_case(email), before an
-- organization is known. Row-level security hides invitations.
-- name: AuthenticateMember :many
select m.organization_id, m.id, m.role, o.slug, o.name, o.residence
from members m
join organizations o on o.id = m.organization_id
where fold_case(m.email) = fold_case(@email)
  and (sqlc.narg('slug')::text is null or o.slug = sqlc.narg('slug'))
  and (sqlc.narg('organization_id')::uuid is null or o.id = sqlc.narg('organization_id'))
order by o.slug limit @number;

-- ListMemberships returns the memberships of the person with an address, without regard to case, by slug, at most a number of them.
-- It reads members by fold_case(email), before an organization is known. Row-level security hides invitations.
-- name: ListMemberships :many
select m.role, o.id, o.slug, o.name, o.residence
from members m
join organizations o on o.id = m.organization_id
where fold_case(m.email) = fold_case(@email)
order by o.slug limit @number;

-- ListInvitations is ListMemberships for organizations that have invited the person, who has not accepted.
-- name: ListInvitations :many
select m.role, o.id, o.slug, o.name, o.residence
from members m
join organizations o on o.id = m.organization_id
where fold_case(m.email) = fold_case(@email) and m.status = 'INVITED'
order by o.slug limit @number;

-- FindOwnMembership returns who the person with an address is in an organization, also if they are invited and have not accepted.
-- name: FindOwnMembership :one
select m.id, m.role, m.status from members m
where fold_case(m.email) = fold_case(@email) and m.organization_id = @organization_id;

-- FindMembership is ListMemberships for one member.
-- name: FindMembership :one
select m.role, o.id, o.slug, o.name, o.residence
from members m
join organizations o on o.id = m.organization_id
where m.id = @id;

-- FindPeople returns those members of the given ids that exist, and those that were removed, as they were then, within an
-- organization (null: in any).
-- name: FindPeople :many
select m.* from members m
where m.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'))
union all
select f.organization_id, f.id, f.email, f.name, f.role, f.created_at, f.status from former_members f
where f.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or f.organization_id = sqlc.narg('organization_id'));

-- ListRemovals returns when those of the given members were removed who were, within an organization (null: in any).
-- name: ListRemovals :many
select f.id, f.removed_at from former_members f
where f.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or f.organization_id = sqlc.narg('organization_id'));

-- FindMembers returns those members of the given ids that exist, within an organization (null: in any).
-- name: FindMembers :many
select * from members m
where m.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or m.organization_id = sqlc.narg('organization_id'));

-- ListMembers returns members of each of the given organizations between two keyset cursors (null: no bound), oldest first, or
-- newest first if backward; the number is of each organization's.
-- name: ListMembers :many
select m.* from unnest(@organization_ids::uuid[]) o (id)
cross join lateral (
  select * from members m
  where m.organization_id = o.id and (sqlc.narg('after')::uuid is null or m.id > sqlc.narg('after'))
    and (sqlc.narg('before')::uuid is null or m.id < sqlc.narg('before'))
  order by case when not @backward::boolean then m.id end, case when @backward then m.id end desc limit @number
) m
order by m.organization_id, case when not @backward then m.id end, case when @backward then m.id end desc;

-- CountMembers counts the members of each of the given organizations; no row for one that has none.
-- name: CountMembers :many
select m.organization_id, count(*) as number from members m
where m.organization_id = any (@organization_ids::uuid[]) group by m.organization_id;
