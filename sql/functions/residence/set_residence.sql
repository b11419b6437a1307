-- set_residence says whether this database decides for an organization, and returns how often that has changed (residence_generation); the same
-- residence again changes nothing. HERE is how organizations are made. LEAVING refuses their requests and changes, and returns when those that were
-- under way have ended: none is granted, booked or changed afterwards. LEFT says that another database decides. ARRIVING is for an organization whose
-- rows are written here; only then may it be HERE again, unless it was LEAVING.
--
-- Raises organizations_residence_check for another order, no_data_found for an unknown organization, and insufficient_privilege for whoever
-- is not the owner of the tables: servers may not call it. The audit log has the change.
create or replace function set_residence(p_organization_id uuid, p_residence residence) returns integer
language plpgsql volatile
as $$
declare
  orders constant text[] := array['HERE LEAVING', 'LEAVING HERE', 'LEAVING LEFT', 'LEFT ARRIVING', 'ARRIVING HERE', 'ARRIVING LEFT'];
  organization organizations;
begin
  if not acts_as_owner() then
    raise exception '% may not change residence', acting_role() using errcode = 'insufficient_privilege';
  end if;
  -- for update, and not as an update locks: hold_residence waits for it, and it for hold_residence
  select * into organization from organizations o where o.id = p_organization_id for update;
  if organization.id is null then
    raise exception 'there is no organization %', p_organization_id using errcode = 'no_data_found';
  end if;
  if organization.residence = p_residence then
    return organization.residence_generation;
  end if;
  if organization.residence || ' ' || p_residence <> all (orders) then
    raise exception 'organization % is %, and cannot be % next', p_organization_id, organization.residence, p_residence
      using errcode = 'check_violation', table = 'organizations', constraint = 'organizations_residence_check';
  end if;
  update organizations o set residence = p_residence, residence_generation = o.residence_generation + 1
  where o.id = p_organization_id;
  if p_residence = 'HERE' then -- what has waited is due
    perform pg_notify('bursar_mail_due', '');
    perform notify_webhook_due();
  end if;
  return organization.residence_generation + 1;
end
$$;
