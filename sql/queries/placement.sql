-- FindCellBySlug returns the name of the cell in which the organization with a slug is, and its id, by the directory. No row: the directory does not know it.
-- name: FindCellBySlug :one
select c.organization_id, c.cell from organization_cells c where c.slug = @slug and c.claimed_at is null;

-- ListCellStates returns the cells of the installation by name; at home.
-- name: ListCellStates :many
select * from cells c order by c.name;

-- ListRegions returns the regions that those of the given organizations must not leave that have one; at home.
-- name: ListRegions :many
select c.organization_id, c.region::text as region from organization_cells c where c.organization_id = any (@organization_ids::uuid[]) and c.region is not null;

-- ClaimOrganization enters an organization that is about to be made in the directory, and returns the cell in which it is to be made; see claim_organization.
-- name: ClaimOrganization :one
select claim_organization(@organization_id, @slug, sqlc.narg('cell'), sqlc.narg('region'))::text as cell;

-- SettleClaim says whether an organization that was claimed has been made; see settle_claim.
-- name: SettleClaim :exec
select settle_claim(@organization_id, @made);

-- ListExpiredClaims returns claims that nobody has settled within their time, the one of a slug first; at home.
-- name: ListExpiredClaims :many
select c.organization_id, c.slug, c.cell from organization_cells c
where c.claimed_at < clock_timestamp() - @lasts::interval
order by c.slug = @slug desc, c.claimed_at limit @number;

-- ListElsewhere returns which of the given organizations this database does not decide for, nor will before a move of them ends: they are in another one.
-- name: ListElsewhere :many
select o.id from organizations o where o.id = any (@ids::uuid[]) and o.residence in ('LEFT', 'ARRIVING');

-- HasOrganization tells whether this database has a row of an organization, whatever its residence.
-- name: HasOrganization :one
select exists (select from organizations o where o.id = @organization_id) as found;
