-- note_organization_cell is the trigger that enters an organization which is made at home in the directory, if the installation has cells. A slug that is an
-- organization's of another cell, or claimed for one, raises organization_cells_slug_key. What arrives by a move is entered by the move.
create or replace function note_organization_cell() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  insert into organization_cells (organization_id, slug, cell)
  select new.id, new.slug, 'home' where exists (select from cell_identity i where i.name = 'home');
  return null;
end
$$;

create or replace trigger organizations_cell after insert on organizations
  for each row execute function note_organization_cell();
