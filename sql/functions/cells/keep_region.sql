-- keep_region is the trigger that keeps an organization in its region: once the directory has one, it stays, and the organization is in cells of that region alone, also
-- while it is being moved. A cell keeps its region while it has organizations that must not leave it. It raises organization_cells_region_check.
create or replace function keep_region() returns trigger
language plpgsql
as $$
declare
  message text;
begin
  if tg_table_name = 'cells' then
    if exists (select from organization_cells o where o.cell = old.name and o.region is not null and o.region is distinct from new.region) then
      message := format('organizations in the cell %s must not leave the region %s: move them first', old.name, old.region);
    end if;
  elsif tg_op = 'UPDATE' and old.region is not null and new.region is distinct from old.region then
    message := format('the region of organization %s is %s for good', old.organization_id, old.region);
  elsif new.region is not null and exists (
      select from cells c where c.name in (new.cell, new.moving_to) and c.region is distinct from new.region) then
    message := format('organization %s must be in a cell of the region %s', new.organization_id, new.region);
  end if;
  if message is not null then
    raise exception '%', message using errcode = 'check_violation', table = 'organization_cells', constraint = 'organization_cells_region_check';
  end if;
  return new;
end
$$;

create or replace trigger organization_cells_region before insert or update of region, cell, moving_to on organization_cells
  for each row execute function keep_region();
create or replace trigger cells_region before update of region on cells
  for each row when (old.region is distinct from new.region) execute function keep_region();
