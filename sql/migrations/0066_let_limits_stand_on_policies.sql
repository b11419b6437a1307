-- +goose Up

-- What a limit stands on was computed from its other columns, by an expression that cannot be changed. The trigger that computes it is made
-- here as well as with the functions, so that no insert comes in between.
-- +goose StatementBegin
create or replace function fill_limit_subject() returns trigger
language plpgsql
as $$
begin
  new.subject_id := coalesce(new.policy_id, new.api_key_id, new.workspace_id, new.organization_id);
  new.subject_type := case
    when new.policy_id is not null then 'POLICY'::subject_type
    when new.api_key_id is not null then 'API_KEY'
    when new.workspace_id is not null then 'WORKSPACE'
    else 'ORGANIZATION'
  end;
  return new;
end
$$;
-- +goose StatementEnd
alter table limits alter column subject_id drop expression;
alter table limits alter column subject_type drop expression;
create trigger limits_subject before insert or update of organization_id, workspace_id, api_key_id, policy_id, subject_id, subject_type
  on limits for each row execute function fill_limit_subject();
