-- +goose NO TRANSACTION
-- +goose Up

-- Two limits of a subject exchange their kinds in one statement: that a kind is there once is checked when the statement ends, and not
-- after each row. Each statement may be run again. The constraint keeps its name, which servers know.
set lock_timeout = 0;
drop index concurrently if exists limits_deferrable_key;
create unique index concurrently limits_deferrable_key on limits (organization_id, subject_id, kind, type, period);
set lock_timeout = '100ms';
-- +goose StatementBegin
do $$
begin
  if not exists (
    select from pg_constraint c
    where c.conrelid = 'limits'::regclass and c.conname = 'limits_subject_type_period_key' and c.condeferrable) then
    alter table limits drop constraint limits_subject_type_period_key;
    alter table limits add constraint limits_subject_type_period_key unique using index limits_deferrable_key deferrable initially immediate;
  end if;
end
$$;
-- +goose StatementEnd
set lock_timeout = 0;
drop index concurrently if exists limits_deferrable_key;
reset lock_timeout;
