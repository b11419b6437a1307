-- +goose NO TRANSACTION
-- +goose Up

-- Jobs and checks ask for the few that are not HERE.
set lock_timeout = 0;
drop index concurrently if exists organizations_residence_idx;
create index concurrently organizations_residence_idx on organizations (id) where residence <> 'HERE';
reset lock_timeout;
