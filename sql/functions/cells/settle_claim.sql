-- settle_claim says what became of an organization that claim_organization has entered: it was made in its cell, or it was not, and the slug is free again. An
-- entry that is no claim any more stays. For whoever acts for every organization.
create or replace function settle_claim(p_organization_id uuid, p_made boolean) returns void
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_every_organization() then
    raise exception '% may not place organizations', acting_role() using errcode = 'insufficient_privilege';
  end if;
  if p_made then
    update organization_cells o set claimed_at = null where o.organization_id = p_organization_id and o.claimed_at is not null;
  else
    delete from organization_cells o where o.organization_id = p_organization_id and o.claimed_at is not null;
  end if;
end
$$;
