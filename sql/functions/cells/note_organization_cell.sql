-- note_organization_cell is the trigger that enters an organization which is made at home in the directory, if the installation has cells, or settles its claim. A
-- slug that is an organization's of another cell, or claimed for one, raises organization_cells_slug_key. What arrives by a move is entered by the move.
create or replace function note_organization_cell() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  insert into organization_cells as c (organization_id, slug, cell)
  select new.id, new.slug, 'home' where exists (select from cell_identity i where i.name = 'home')
  on conflict (organization_id) do update set claimed_at = null where c.slug = excluded.slug and c.cell = excluded.cell;
  return null;
end
$$;

create or replace trigger organizations_cell after insert on organizations
  for each row execute function note_organization_cell();
