-- claim_organization enters an organization that is about to be made in the directory, at home, and returns the cell in which it is to be made: the one of that
-- name, or for null the OPEN one with the fewest organizations. p_region (null: any) is the cell's region, which the organization must not leave afterwards. Nobody
-- else may take the slug until settle_claim says what became of it. For whoever acts for every organization.
--
-- Raises organization_cells_slug_key for a slug that is taken or claimed, and organization_cells_cell_check where no such cell is OPEN.
create or replace function claim_organization(p_organization_id uuid, p_slug text, p_cell text, p_region text) returns text
language plpgsql volatile security definer
set search_path from current
as $$
declare
  chosen text;
begin
  if not acts_for_every_organization() then
    raise exception '% may not place organizations', acting_role() using errcode = 'insufficient_privilege';
  end if;
  select c.name into chosen
  from cells c
  where c.state = 'OPEN' and (p_cell is null or c.name = p_cell) and (p_region is null or c.region = p_region)
  order by case when p_cell is null then (select count(*) from organization_cells o where o.cell = c.name) end, c.name
  limit 1 for share of c;
  if chosen is null then
    raise exception 'no cell of this name and region is OPEN'
      using errcode = 'check_violation', table = 'organization_cells', constraint = 'organization_cells_cell_check';
  end if;
  insert into organization_cells (organization_id, slug, cell, region, claimed_at)
  values (p_organization_id, p_slug, chosen, p_region, clock_timestamp());
  return chosen;
end
$$;
