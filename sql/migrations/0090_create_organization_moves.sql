-- +goose Up

-- Moves of organizations between cells; rows at home alone. Which database decides, says organizations.residence there and nothing here: this is how
-- far the command has come, and what is left to do.
create type move_state as enum ('COPYING', 'MOVED', 'LEFT', 'DONE', 'PURGED', 'ABORTED');
create table organization_moves (
  organization_id uuid not null,
  id uuid not null default uuid_v7(),
  source text not null constraint organization_moves_source_fkey references cells,
  target text not null constraint organization_moves_target_fkey references cells,
  state move_state not null default 'COPYING',
  moved_by text not null,
  emptied boolean not null default false,
  ledger_position bigint not null default 0,
  standstill interval,
  began_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  constraint organization_moves_pkey primary key (organization_id, id),
  constraint organization_moves_target_check check (target <> source)
);
comment on column organization_moves.state is 'COPYING: the source decides until the target does. MOVED: the target decides, and so says the directory. LEFT: the source knows, and has mail or webhooks under way whose outcome is to be told to the target. DONE: nothing is left but the rows in the source. PURGED: nor are they. ABORTED: the source decides, and nothing is left in the target but a row that says so.';
comment on column organization_moves.emptied is 'Whether rows of an earlier stay are gone from the target: ledger rows there are of this move, and complete up to their last position.';
comment on column organization_moves.ledger_position is 'The last ledger position that was copied before the organization stood still.';
comment on column organization_moves.standstill is 'From when the source did not decide any more until the target did; null: it has not moved.';
-- An organization is moved by one move at a time, whose outcomes are all told before the next one begins.
create unique index organization_moves_open_key on organization_moves (organization_id) where state in ('COPYING', 'MOVED', 'LEFT');
create index organization_moves_changed_at_idx on organization_moves (changed_at) where state in ('DONE', 'ABORTED');
