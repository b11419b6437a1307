-- rename_exhausted is the trigger that keeps the order of exhausted API keys by name. Whoever renames a key has locked its organization, as whoever raises an
-- alert has: so neither misses the other. Runs as the owner: servers do not write exhausted_subjects.
create or replace function rename_exhausted() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  update exhausted_subjects x set sort_name = fold_case(new.name)
  where x.organization_id = new.organization_id and x.subject_id = new.id;
  return null;
end
$$;

create or replace trigger api_keys_exhausted after update of name on api_keys
  for each row when (old.name is distinct from new.name) execute function rename_exhausted();
