-- set_workspace_version is the trigger that counts a workspace's changes of name and slug, and notes when the last one was.
create or replace function set_workspace_version() returns trigger
language plpgsql
as $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end
$$;

create or replace trigger workspaces_version before update of name, slug on workspaces
  for each row when (old.name <> new.name or old.slug <> new.slug) execute function set_workspace_version();
