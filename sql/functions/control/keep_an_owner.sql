-- keep_an_owner is the trigger that keeps an organization's last OWNER from being removed or demoted, even by plain SQL: it raises
-- members_last_owner_check when the transaction ends, so that a transaction that also adds another owner succeeds. It locks the
-- organization: of two transactions that each remove one of two owners, the second waits and is refused. Transactions that lock
-- the organization first, as guard_owners does, cannot deadlock. Nothing is raised for an organization that is deleted. An OWNER who
-- is invited and has not accepted is none yet: they keep no organization from being without one, and may be removed.
create or replace function keep_an_owner() returns trigger
language plpgsql
as $$
begin
  perform lock_organizations(array[old.organization_id]);
  if old.status = 'ACTIVE' and exists (select from organizations o where o.id = old.organization_id)
    and not exists (
      select from members m where m.organization_id = old.organization_id and m.role = 'OWNER' and m.status = 'ACTIVE') then
    raise exception 'organization % would have no owner', old.organization_id
      using errcode = 'check_violation', table = 'members', constraint = 'members_last_owner_check';
  end if;
  return null;
end
$$;

create constraint trigger members_owner_removed after delete on members deferrable initially deferred
  for each row when (old.role = 'OWNER') execute function keep_an_owner();
create constraint trigger members_owner_demoted after update of role on members deferrable initially deferred
  for each row when (old.role = 'OWNER' and new.role <> 'OWNER') execute function keep_an_owner();
