-- fill_limit_subject is the trigger that computes what a limit stands on: the narrowest of a policy, an API key, a workspace and its organization.
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

create or replace trigger limits_subject before insert or update of organization_id, workspace_id, api_key_id, policy_id, subject_id, subject_type
  on limits for each row execute function fill_limit_subject();
