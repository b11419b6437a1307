-- subjects_of returns the ids of the subjects whose limits apply to a key: its organization, its workspace if it has one, itself.
create or replace function subjects_of(p_api_key api_keys) returns uuid[]
language sql immutable parallel safe
as $$
  select array_remove(array[p_api_key.organization_id, p_api_key.workspace_id, p_api_key.id], null)
$$;
