-- +goose Up
alter table cell_identity add column home uuid;
comment on column cell_identity.home is 'The incarnation of home, at home and in its cells, when "bursar cells" last wrote it: a home that was replaced, should it come back, is told by it.';
