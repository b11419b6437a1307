-- CreatePolicy creates a policy with its conditions and limits and returns its id: see create_policy. No row for another organization than
-- that of the transaction.
-- name: CreatePolicy :one
select create_policy(@organization_id, sqlc.narg('workspace_id'), @name, @mode, @group_by::text[], @max_groups::integer, @conditions::jsonb,
  @limits::jsonb)::uuid as id;

-- UpdatePolicy changes what is not null of a policy and its limits, and returns whether there is such a policy: see update_policy.
-- name: UpdatePolicy :one
select update_policy(@organization_id, @id, sqlc.narg('name')::text, sqlc.narg('mode')::limit_mode, sqlc.narg('group_by')::text[],
  sqlc.narg('max_groups')::integer, sqlc.narg('conditions')::jsonb, @deleted::uuid[], @changed::jsonb, @created::jsonb)::boolean as found;

-- DeletePolicy deletes a policy and returns whether there was one.
-- name: DeletePolicy :one
select delete_policy(@organization_id, @id)::boolean as deleted;

-- SetGroupAmount gives a group of a policy an amount of its own, or takes it away (null), and returns whether the policy has the limit: see
-- set_group_amount.
-- name: SetGroupAmount :one
select set_group_amount(@organization_id, @policy_id, @limit_id,
  array(select v.value from jsonb_array_elements_text(@group_values::jsonb) with ordinality v (value, index) order by v.index), sqlc.narg('max_units')::bigint)::boolean as found;

-- FindPolicies returns the policies of the given ids that exist, within an organization (null: any).
-- name: FindPolicies :many
select * from policies p
where p.id = any (@ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or p.organization_id = sqlc.narg('organization_id'));

-- LockPolicy returns a policy, whose organization is locked.
-- name: LockPolicy :one
select * from policies p where p.organization_id = @organization_id and p.id = @id;

-- ListPolicies returns all policies of the given organizations, oldest first: an organization has few.
-- name: ListPolicies :many
select * from policies p where p.organization_id = any (@organization_ids::uuid[]) order by p.id;

-- ListPolicyConditions returns the conditions of the given policies in their order.
-- name: ListPolicyConditions :many
select * from policy_conditions c where c.policy_id = any (@policy_ids::uuid[]) order by c.policy_id, c.position;

-- ListPolicyLimits returns the limits of the given policies as a group without usage has them, oldest first: see policy_limits_at.
-- name: ListPolicyLimits :many
select * from policy_limits_at(@policy_ids::uuid[], statement_timestamp());

-- FindPolicyLimits returns those limits of policies that have the given ids, as ListPolicyLimits does, within an organization (null: in any).
-- name: FindPolicyLimits :many
select s.* from limits l
cross join lateral policy_limits_at(array[l.policy_id], statement_timestamp()) s
where l.id = any (@ids::uuid[]) and l.policy_id is not null and s.id = l.id
  and (sqlc.narg('organization_id')::uuid is null or l.organization_id = sqlc.narg('organization_id'));

-- FindPolicyBudgets returns those budgets of policies that have the given ids, on what the policies stand on, within an organization (null: in any): see
-- policy_budget_at.
-- name: FindPolicyBudgets :many
select s.* from limits l
cross join lateral policy_budget_at(l.policy_id, l.id, statement_timestamp()) s
where l.id = any (@ids::uuid[]) and l.policy_id is not null
  and (sqlc.narg('organization_id')::uuid is null or l.organization_id = sqlc.narg('organization_id'));

-- ListPolicyOverrides returns a number of the amounts of single groups of each of the given policies.
-- name: ListPolicyOverrides :many
select o.policy_id, o.limit_id, o.group_values, o.max_units, l.kind, l.type, p.group_by
from policies p
cross join lateral (
  select * from policy_overrides o
  where o.organization_id = p.organization_id and o.policy_id = p.id order by o.group_values, o.limit_id limit @number) o
join limits l on l.organization_id = p.organization_id and l.id = o.limit_id
where p.id = any (@policy_ids::uuid[])
order by o.policy_id, o.group_values, o.limit_id;

-- ListPolicyGroups returns a number of groups of a policy after a cursor (null: from the first), the largest first, of which a value has a text (null: all):
-- see list_groups.
-- name: ListPolicyGroups :many
select * from list_groups(@organization_id, @policy_id, statement_timestamp(), sqlc.narg('after_share')::numeric, sqlc.narg('after_id')::uuid,
  @number::integer, sqlc.narg('search')::text);

-- CountPolicyGroups returns how many groups of a policy have a value with a text.
-- name: CountPolicyGroups :one
select count(*) from policy_groups g
where g.organization_id = @organization_id and g.policy_id = @policy_id and group_has_text(g.group_values, @search::text);

-- ListGroupLimits returns the limits of the given groups as they stand now.
-- name: ListGroupLimits :many
select * from group_limits_at(@organization_ids::uuid[], @group_ids::uuid[], statement_timestamp());

-- ForgetGroups deletes groups that were at zero for a whole period, of a number of groups after one (null: from the first), and returns how
-- many, and the group to go on after: see forget_groups.
-- name: ForgetGroups :one
select * from forget_groups(@organization_id, @number::integer, sqlc.narg('after')::uuid);

-- ListOrganizationsWithGroups returns the organizations that are HERE and whose policies have groups.
-- name: ListOrganizationsWithGroups :many
select distinct p.organization_id from policies p
where p.group_count > 0 and p.organization_id <> all ((select moved_organizations())::uuid[]) order by p.organization_id;
