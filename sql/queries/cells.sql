-- FindCell returns the name of the cell in which an organization is, by the directory, which is at home. No row: the directory does not know it.
-- name: FindCell :one
select c.cell from organization_cells c where c.organization_id = @organization_id and c.claimed_at is null;

-- FindResidence returns whether this database decides for an organization. No row: it has no rows of it.
-- name: FindResidence :one
select o.residence from organizations o where o.id = @organization_id;
