-- +goose Up

-- The workspace becomes a part of the key of usage_hours and usage_days: an API key that is moved has usage in two workspaces in one
-- hour.
alter table usage_hours drop constraint usage_hours_pkey;
alter table usage_hours add constraint usage_hours_key unique using index usage_hours_key;
alter table usage_days drop constraint usage_days_pkey;
alter table usage_days add constraint usage_days_key unique using index usage_days_key;

-- The function that adds to them names the key. Servers of the release before go on calling it until the upgrade replaces it, so it
-- is changed in the same transaction. A new database has no function yet.
-- +goose StatementBegin
do $$
declare
  signature constant text := 'add_usage(uuid, bigint, bigint, timestamptz)';
begin
  if to_regprocedure(signature) is not null then
    set local check_function_bodies = off;
    execute replace(pg_get_functiondef(signature::regprocedure),
      'on conflict (organization_id, bucket_start, api_key_id, provider, model)',
      'on conflict (organization_id, bucket_start, api_key_id, provider, model, workspace_id)');
  end if;
end
$$;
-- +goose StatementEnd
