-- note_exhausted is the trigger that keeps in exhausted_subjects of whom a budget is exhausted: written once, when an alert says so. The migration that makes
-- the table makes it, too, so that no alert is missed.
create or replace function note_exhausted() returns trigger
language plpgsql
as $$
begin
  insert into exhausted_subjects (organization_id, subject_id, sort_name)
  values (new.organization_id, new.subject_id, (
    select fold_case(k.name) from api_keys k where k.organization_id = new.organization_id and k.id = new.api_key_id))
  on conflict do nothing;
  return null;
end
$$;

create or replace trigger alerts_exhausted after insert on alerts
  for each row when (new.kind = 'EXHAUSTED') execute function note_exhausted();
