-- +goose Up

-- Cells: organizations live in several databases, each whole in one. See docs/design.md, "Several databases".

-- Which cell this database is: no row or one. Without one it is the home of an installation without cells.
create table cell_identity (
  single boolean primary key default true check (single),
  name text not null constraint cell_identity_name_check check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  installation uuid not null,
  incarnation uuid not null,
  moves bigint not null default 0 constraint cell_identity_moves_check check (moves >= 0)
);
comment on column cell_identity.name is 'home, or the name in BURSAR_CELLS.';
comment on column cell_identity.installation is 'The incarnation of home when its first cell was added: cells of two installations are not mixed up.';
comment on column cell_identity.incarnation is 'Made anew by "bursar cells open": the database that was before a restore is refused, should it come back.';
comment on column cell_identity.moves is 'How many organizations have come or gone; raised in the transaction that does it. Less than home knows: the database was restored to an earlier time.';

create type cell_state as enum ('OPEN', 'FULL', 'CLOSED');

-- The cells of the installation; rows at home alone.
create table cells (
  name text primary key constraint cells_name_check check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  region text constraint cells_region_check check (region ~ '^[a-z][a-z0-9-]{0,31}$'),
  state cell_state not null default 'OPEN',
  incarnation uuid not null,
  moves bigint not null default 0 constraint cells_moves_check check (moves >= 0),
  created_at timestamptz not null default now()
);
comment on column cells.state is 'OPEN takes new organizations; FULL takes none, and serves those that it has; CLOSED is not asked: it waits for "bursar cells open".';

-- In which cell each organization is; rows at home alone. It is where to ask first: which database decides, says organizations.residence there.
-- It has no personal data.
create table organization_cells (
  organization_id uuid primary key,
  slug text not null constraint organization_cells_slug_key unique,
  cell text not null constraint organization_cells_cell_fkey references cells,
  region text,
  moving_to text constraint organization_cells_moving_to_fkey references cells,
  claimed_at timestamptz
);
comment on column organization_cells.region is 'The region that it must not leave; null: any.';
comment on column organization_cells.moving_to is 'Where it is being moved; null: nowhere.';
comment on column organization_cells.claimed_at is 'Since when the slug is claimed for an organization that is being made; null: it was made.';
