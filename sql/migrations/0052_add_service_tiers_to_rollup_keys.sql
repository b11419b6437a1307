-- +goose NO TRANSACTION
-- +goose Up

-- The service tier becomes a part of the roll-ups' keys, which keep their names. Each table is a transaction of its own, and is left alone when
-- the statement is repeated.
--
-- The function that adds to the roll-ups names their keys. Servers of the release before go on calling it until the upgrade replaces it, so
-- its text is changed in the same transaction. It adds rows of the STANDARD tier alone until then, as there are no others. A new database has
-- no function yet.
-- +goose StatementBegin
do $$
declare
  signature constant text := 'add_usage(uuid, bigint, bigint, timestamptz)';
  rollup text;
begin
  foreach rollup in array array['usage_hours', 'usage_days', 'usage_workspace_hours', 'usage_workspace_days'] loop
    if to_regclass(rollup || '_tier_key') is not null then
      execute format('alter table %1$s drop constraint %1$s_key', rollup);
      execute format('alter table %1$s add constraint %1$s_key unique using index %1$s_tier_key', rollup);
      if to_regprocedure(signature) is not null then
        set local check_function_bodies = off;
        execute regexp_replace(pg_get_functiondef(signature::regprocedure),
          format('(insert into %s as .*?on conflict \([^)]*)\)', rollup), '\1, service_tier)');
      end if;
      commit;
    end if;
  end loop;
end
$$;
-- +goose StatementEnd
