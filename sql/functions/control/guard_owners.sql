-- guard_owners raises UB002 unless the caller may give the role OWNER, or change or remove an OWNER: only the operator and owners
-- may. It locks the organization first and reads the caller's role after that, so that an owner who was demoted in the meantime
-- is refused. p_member_id is the member who is changed or removed; with it p_organization_id may be null. p_role is the new role,
-- null when no role is given. p_caller_id is the member who acts as an OWNER, null for all other callers.
create or replace function guard_owners(
  p_organization_id uuid, p_member_id uuid, p_role member_role, p_operator boolean, p_caller_id uuid)
returns void
language plpgsql volatile
as $$
declare
  concerned uuid := coalesce(p_organization_id, (select m.organization_id from members m where m.id = p_member_id));
begin
  perform lock_organizations(array[concerned]);
  if not p_operator
    and (p_role = 'OWNER' or exists (
      select from members m where m.organization_id = concerned and m.id = p_member_id and m.role = 'OWNER'))
    and not exists (
      select from members m where m.organization_id = concerned and m.id = p_caller_id and m.role = 'OWNER') then
    raise exception 'only an owner may do this to owners' using errcode = 'UB002';
  end if;
end
$$;
