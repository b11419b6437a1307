-- FindCell returns the name of the cell in which an organization is, by the directory, which is at home. No row: the directory does not know it.
-- name: FindCell :one
select c.cell from organization_cells c where c.organization_id = @organization_id and c.claimed_at is null;

-- ResidesHere tells whether this database decides for an organization: for anyone it has no rows of, it does not.
-- name: ResidesHere :one
select exists (select from organizations o where o.id = @organization_id and o.residence = 'HERE') as here;
