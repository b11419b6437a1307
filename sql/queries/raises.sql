-- RaiseBudget adds to the amount of a budget, until an instant or (null) the end of its period: of a policy's, of the group with these values (null: of all).
-- No row when there is no such budget.
-- name: RaiseBudget :one
select * from raise_budget(@organization_id, @id, group_values_of(sqlc.narg('group_values')), @type, @units, sqlc.narg('until'), null);

-- RequestRaise asks for a raise of a budget: see RaiseBudget. No row when there is no such budget.
-- name: RequestRaise :one
select * from request_raise(@organization_id, @id, group_values_of(sqlc.narg('group_values')), @member_id, @type, @units, sqlc.narg('until'), null);

-- DecideRaiseRequest grants or declines an open request. No row when there is no such request.
-- name: DecideRaiseRequest :one
select * from decide_raise_request(@organization_id, @id, @grants);

-- ListRaises returns the raises of budgets that are in force now, oldest first, but for those of single groups of policies; the arrays hold the budgets and their organizations.
-- name: ListRaises :many
select * from budget_raises r
where r.organization_id = any (@organization_ids::uuid[]) and r.budget_limit_id = any (@budget_limit_ids::uuid[])
  and r.group_id is null and r.ended_at is null and (r.until is null or r.until > statement_timestamp())
order by r.id;

-- ListPolicyRaises returns a number of the raises of each of the given budgets of policies that are in force now: those of all groups first, oldest first.
-- name: ListPolicyRaises :many
select r.* from limits b
cross join lateral (
  select * from budget_raises r
  where r.organization_id = b.organization_id and r.budget_limit_id = b.id and r.ended_at is null and r.until > statement_timestamp()
  order by r.group_id nulls first, r.id limit @number) r
where b.organization_id = any (@organization_ids::uuid[]) and b.id = any (@budget_limit_ids::uuid[])
order by r.budget_limit_id, r.group_id nulls first, r.id;

-- ListRaisesSince returns the raises of budgets that were in force at or after an instant, oldest first: those of the periods that a history shows.
-- name: ListRaisesSince :many
select * from budget_raises r
where r.organization_id = any (@organization_ids::uuid[]) and r.budget_limit_id = any (@budget_limit_ids::uuid[])
  and r.group_id is null and coalesce(r.ended_at, r.until, 'infinity') > @since::timestamptz
order by r.id;

-- FindRaiseRequests returns those requests of the given ids that exist, within an organization (null: in any).
-- name: FindRaiseRequests :many
select * from raise_requests r
where r.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or r.organization_id = sqlc.narg('organization_id'));

-- ListRaiseRequests returns an organization's requests between two keyset cursors (null: no bound), newest first, or oldest first if backward: with
-- a status, of a member, each of which may be null.
-- name: ListRaiseRequests :many
select * from raise_requests r
where r.organization_id = @organization_id
  and (sqlc.narg('status')::raise_request_status is null or r.status = sqlc.narg('status'))
  and (sqlc.narg('member_id')::uuid is null or r.member_id = sqlc.narg('member_id'))
  and (sqlc.narg('after')::uuid is null or r.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or r.id > sqlc.narg('before'))
order by case when @backward::boolean then r.id end, case when not @backward then r.id end desc limit @number;

-- CountRaiseRequests returns how many requests ListRaiseRequests would list in all.
-- name: CountRaiseRequests :one
select count(*) from raise_requests r
where r.organization_id = @organization_id
  and (sqlc.narg('status')::raise_request_status is null or r.status = sqlc.narg('status'))
  and (sqlc.narg('member_id')::uuid is null or r.member_id = sqlc.narg('member_id'));
