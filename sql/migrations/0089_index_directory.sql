-- +goose Up

-- Placement counts the organizations of each cell, and looks for claims that were not confirmed.
create index organization_cells_cell_idx on organization_cells (cell);
create index organization_cells_claimed_at_idx on organization_cells (claimed_at) where claimed_at is not null;
