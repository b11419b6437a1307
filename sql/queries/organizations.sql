-- CreateOrganization creates an organization, with an id that was claimed for it or (null) one of its own. Raises organizations_slug_key for a slug that exists.
-- name: CreateOrganization :one
insert into organizations (id, name, slug, plan) values (coalesce(sqlc.narg('id'), uuid_v7()), @name, @slug, @plan) returning *;

-- LockOrganization returns an organization, and locks it until the transaction ends. No row when there is no such organization.
-- name: LockOrganization :one
select * from organizations o where o.id = @id for no key update;

-- UpdateOrganization changes what is not null. Domains are kept folded, each once. No row when there is no such organization.
-- name: UpdateOrganization :one
update organizations o set
  name = coalesce(sqlc.narg('name'), o.name),
  plan = coalesce(sqlc.narg('plan')::plan, o.plan),
  governance_enabled = coalesce(sqlc.narg('governance_enabled'), o.governance_enabled),
  member_domains = case when sqlc.narg('member_domains')::text[] is null then o.member_domains
    else array(select distinct fold_case(d.name) from unnest(sqlc.narg('member_domains')::text[]) d (name) order by 1) end
where o.id = @id
returning *;

-- SetRecipientDomains sets the domains of which recipients may be added to an organization's subjects (none: any), folded, each once.
-- No row when there is no such organization.
-- name: SetRecipientDomains :one
update organizations o set
  recipient_domains = array(select distinct fold_case(d.name) from unnest(@recipient_domains::text[]) d (name) order by 1)
where o.id = @id
returning *;

-- SetHoldBounds sets what an organization lets each of its API keys hold; null: no bound. No row when there is no such organization.
-- name: SetHoldBounds :one
update organizations o set key_hold_percent = sqlc.narg('key_hold_percent'), key_hold_seconds = sqlc.narg('key_hold_seconds')
where o.id = @id
returning *;

-- SetLeasePolicy sets whether gateways may lease from an organization's limits, for how long at most, and whether they may merge events. No row when there is no such organization.
-- name: SetLeasePolicy :one
update organizations o set leases_allowed = @leases_allowed, lease_seconds = @lease_seconds, merges_allowed = @merges_allowed where o.id = @id returning *;

-- SetUnpricedPolicy sets what becomes of an organization's requests without a price. No row when there is no such organization.
-- name: SetUnpricedPolicy :one
update organizations o set unpriced_policy = @unpriced_policy where o.id = @id returning *;

-- FindOrganizations returns those organizations of the given ids that exist, for a caller of one organization that one at most
-- (null: any).
-- name: FindOrganizations :many
select * from organizations o
where o.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or o.id = sqlc.narg('organization_id'));

-- FindOrganizationBySlug returns the organization with a slug.
-- name: FindOrganizationBySlug :one
select * from organizations o where o.slug = @slug;

-- ListOrganizations returns organizations between two keyset cursors (null: no bound), oldest first, or newest first if backward; not those that are in
-- another database.
-- name: ListOrganizations :many
select * from organizations o
where o.residence in ('HERE', 'LEAVING')
  and (sqlc.narg('after')::uuid is null or o.id > sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or o.id < sqlc.narg('before'))
order by case when not @backward::boolean then o.id end, case when @backward then o.id end desc limit @number;

-- CountOrganizations counts the organizations that are not in another database.
-- name: CountOrganizations :one
select count(*) from organizations o where o.residence in ('HERE', 'LEAVING');

-- ListOrganizationIDs returns the ids of the organizations that are not in another database. What is here of one that arrives may be in part.
-- name: ListOrganizationIDs :many
select o.id from organizations o where o.residence in ('HERE', 'LEAVING') order by o.id;

-- ListMergeInputs returns how many input tokens an event of several calls may have, so that it costs what these cost alone: as many as no price that has not ended
-- costs more above; 0 where the organization allows no such events.
-- name: ListMergeInputs :many
select o.id, (case when o.merges_allowed then least(1000000000000, (
  select min(p.steps[1]) from prices p
  where (p.organization_id is null or p.organization_id = o.id) and (p.effective_to is null or p.effective_to > statement_timestamp()))) else 0 end)::bigint as input_tokens
from organizations o
where o.id = any (@ids::uuid[]);
