-- keep_former_member is the trigger that keeps what a member was when they are removed, even by plain SQL, and notes them as the
-- former creator of the API keys that they created. It unbinds these keys from them, which the foreign key would do otherwise, so
-- that each key has one entry in the audit log. Runs as the owner: servers may not write former_members.
create or replace function keep_former_member() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  insert into former_members (organization_id, id, email, name, role, created_at, status)
  values (old.organization_id, old.id, old.email, old.name, old.role, old.created_at, old.status);
  update api_keys k set former_creator_id = old.id, created_by_id = null
  where k.organization_id = old.organization_id and k.created_by_id = old.id;
  return old;
end
$$;

create or replace trigger members_kept before delete on members
  for each row execute function keep_former_member();
