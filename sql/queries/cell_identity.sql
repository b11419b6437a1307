-- FindIdentity returns which cell this database is. No row: it is none.
-- name: FindIdentity :one
select i.* from cell_identity i;

-- LockIdentity is FindIdentity, and keeps others from changing it until the transaction ends.
-- name: LockIdentity :one
select i.* from cell_identity i for update;

-- CreateIdentity makes this database a cell.
-- name: CreateIdentity :exec
insert into cell_identity (name, installation, incarnation, home) values (@name, @installation, @incarnation, @home);

-- RenewIdentity gives the database a new incarnation, and raises its moves to what home knows of them, if that is more.
-- name: RenewIdentity :exec
update cell_identity i set incarnation = @incarnation, moves = greatest(i.moves, @moves), home = @home;

-- NoteHome writes into a cell which incarnation of home it belongs to.
-- name: NoteHome :exec
update cell_identity i set home = @home where i.home is distinct from @home;

-- ListCells returns the cells of the installation, home first; it is asked at home.
-- name: ListCells :many
select c.* from cells c order by c.name <> 'home', c.created_at, c.name;

-- CreateCell enters a cell at home. It is closed until its state is set.
-- name: CreateCell :exec
insert into cells (name, region, state, incarnation, moves) values (@name, sqlc.narg(region), 'CLOSED', @incarnation, @moves);

-- SetCellState says whether a cell takes organizations, and is asked.
-- name: SetCellState :exec
update cells c set state = @state where c.name = @name;

-- RenewCell enters at home the new incarnation of a cell, which is open from now on.
-- name: RenewCell :exec
update cells c set incarnation = @incarnation, moves = greatest(c.moves, @moves), state = 'OPEN' where c.name = @name;

-- CountMoving returns for each cell how many organizations are being moved from and to it, until both databases and home have counted them.
-- name: CountMoving :many
select m.cell, (count(*) filter (where m.leaves))::integer as leaving, (count(*) filter (where not m.leaves))::integer as arriving
from (
  select o.source as cell, true as leaves from organization_moves o where o.state in ('COPYING', 'MOVED')
  union all
  select o.target, false from organization_moves o where o.state in ('COPYING', 'MOVED')
) m
group by m.cell;

-- CountByCell returns how many organizations the directory has in each cell.
-- name: CountByCell :many
select o.cell, count(*) as number from organization_cells o where o.claimed_at is null group by o.cell;

-- CountHere returns for how many organizations this database decides, and of how many it has the row.
-- name: CountHere :one
select (count(*) filter (where o.residence = 'HERE'))::bigint as here, count(*) as known from organizations o;

-- LockOrganizationList keeps organizations from being made and changed until the transaction ends.
-- name: LockOrganizationList :exec
lock table organizations in share row exclusive mode;

-- FillDirectory enters up to a number of organizations of home that the directory does not have, from an id on, and returns how many and the last id
-- that it has looked at, which is the same where no more are left.
-- name: FillDirectory :one
with batch as (
  select o.id, o.slug from organizations o where o.id > @after_id order by o.id limit @number
), entered as (
  insert into organization_cells (organization_id, slug, cell)
  select b.id, b.slug, 'home' from batch b where not exists (select from organization_cells c where c.organization_id = b.id)
  on conflict (organization_id) do nothing
  returning organization_id
)
select (select count(*) from entered)::integer as entered, coalesce((select b.id from batch b order by b.id desc limit 1), @after_id)::uuid as last_id;

-- ListResidences returns organizations as this database knows them, by id.
-- name: ListResidences :many
select o.id, o.slug, o.residence, o.residence_generation from organizations o where o.id > @after_id order by o.id limit @number;

-- ListDirectory returns the directory, by id.
-- name: ListDirectory :many
select c.* from organization_cells c where c.organization_id > @after_id order by c.organization_id limit @number;

-- SetDirectory enters where an organization is.
-- name: SetDirectory :exec
insert into organization_cells (organization_id, slug, cell) values (@organization_id, @slug, @cell)
on conflict (organization_id) do update set cell = excluded.cell;

-- LeaveOrganization says that another database decides for an organization. Null: there is no such organization here.
-- name: LeaveOrganization :exec
select set_residence(o.id, 'LEAVING'), set_residence(o.id, 'LEFT') from organizations o where o.id = @organization_id and o.residence = 'HERE';

-- MeasureDatabase returns the size of the database in bytes.
-- name: MeasureDatabase :one
select pg_database_size(current_database())::bigint as bytes;

-- TakeMailSlot takes the next call to the mail provider, for a cell whose mail is throttled by this database's mail_pace, and returns zero; or how long it is until
-- one may be taken.
-- name: TakeMailSlot :one
with taken as (
  update mail_pace p set next_call_at = clock_timestamp() + @spacing::interval where p.next_call_at <= clock_timestamp() returning p.id
)
select (case when exists (select from taken) then interval '0' else greatest(p.next_call_at - clock_timestamp(), interval '10 ms') end)::interval as wait
from mail_pace p;

-- RaiseCellMoves has home know of what came to a cell and left it, if that is more than it knew.
-- name: RaiseCellMoves :exec
update cells c set moves = greatest(c.moves, @moves) where c.name = @name;
