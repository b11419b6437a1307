-- may_be_governed tells whether a policy of an organization, or of a workspace (null: none), has a limit that may refuse requests. What the policy's
-- conditions say is not looked at.
create or replace function may_be_governed(p_organization_id uuid, p_workspace_id uuid) returns boolean
language plpgsql stable
as $$
begin
  return exists (
    select from policies p
    join limits l on l.organization_id = p.organization_id and l.subject_id = p.id
    where p.organization_id = p_organization_id and (p.workspace_id is null or p.workspace_id = p_workspace_id) and unenforced_of(l) is null);
end
$$;
