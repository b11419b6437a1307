-- FindCellOf returns where the directory has an organization, by its id or its slug; locked until the transaction ends, so that two moves do not both begin.
-- name: FindCellOf :one
select * from organization_cells c where c.organization_id = sqlc.narg('organization_id')::uuid or c.slug = sqlc.narg('slug')::text for update;

-- FindCells returns the cells of the installation.
-- name: FindCells :many
select * from cells c order by c.name;

-- FindOpenMove returns the move of an organization that has not ended. No row: there is none.
-- name: FindOpenMove :one
select * from organization_moves m where m.organization_id = @organization_id and m.state in ('COPYING', 'MOVED', 'LEFT');

-- BeginMove notes where an organization is being moved, in the directory and among the moves. Raises organization_moves_open_key when another move of it has
-- not ended.
-- name: BeginMove :one
with directed as (
  update organization_cells c set moving_to = @target where c.organization_id = @organization_id
)
insert into organization_moves (organization_id, source, target, moved_by) values (@organization_id, @source, @target, @moved_by) returning *;

-- NoteMoveEmptied notes that the target has no rows of an earlier stay.
-- name: NoteMoveEmptied :exec
update organization_moves m set emptied = true, changed_at = clock_timestamp() where m.organization_id = @organization_id and m.id = @id;

-- NoteMoved has the directory say where an organization is, and counts it as come there. It does nothing the second time.
-- name: NoteMoved :exec
with moved as (
  update organization_moves m set state = 'MOVED', ledger_position = @ledger_position, standstill = nullif(@standstill::interval, interval '0'), changed_at = clock_timestamp()
  where m.organization_id = @organization_id and m.id = @id and m.state = 'COPYING'
  returning m.organization_id, m.target
), counted as (
  update cells c set moves = c.moves + 1 from moved where c.name = moved.target
)
update organization_cells c set cell = moved.target, moving_to = null from moved where c.organization_id = moved.organization_id;

-- NoteLeft counts an organization as gone from where it was. It does nothing the second time.
-- name: NoteLeft :exec
with gone as (
  update organization_moves m set state = 'LEFT', changed_at = clock_timestamp()
  where m.organization_id = @organization_id and m.id = @id and m.state = 'MOVED'
  returning m.source
)
update cells c set moves = c.moves + 1 from gone where c.name = gone.source;

-- EndMove ends a move: DONE, or PURGED afterwards.
-- name: EndMove :exec
update organization_moves m set state = @state, changed_at = clock_timestamp() where m.organization_id = @organization_id and m.id = @id;

-- AbortMove ends a move that was COPYING, after which the directory says nothing of it.
-- name: AbortMove :exec
with aborted as (
  update organization_moves m set state = 'ABORTED', changed_at = clock_timestamp()
  where m.organization_id = @organization_id and m.id = @id and m.state = 'COPYING'
  returning m.organization_id
)
update organization_cells c set moving_to = null from aborted where c.organization_id = aborted.organization_id;

-- ListMovesToPurge returns the moves whose rows in the database that does not decide may go: those that ended longer ago than a time, oldest first.
-- name: ListMovesToPurge :many
select * from organization_moves m
where m.state in ('DONE', 'ABORTED') and m.changed_at < clock_timestamp() - @older_than::interval
order by m.changed_at, m.organization_id, m.id;

-- ListMoves returns the moves of an organization, oldest first.
-- name: ListMoves :many
select * from organization_moves m where m.organization_id = @organization_id order by m.id;
