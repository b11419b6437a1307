-- needs_attributes tells whether a policy that a scope's key may fall under, and that is enforced, looks at something that the key does not
-- decide: a model, a provider or metadata. Nobody knows then which groups a lease would have to be held in.
create or replace function needs_attributes(p_scope grouped_scope_batch) returns boolean
language plpgsql stable
as $$
begin
  return exists (
    select from policies p
    where p.organization_id = p_scope.organization_ids[1] and (p.workspace_id is null or p.workspace_id = p_scope.workspace_ids[1])
      and p.mode = 'ENFORCE'
      and exists (select from limits l where l.organization_id = p.organization_id and l.subject_id = p.id and unenforced_of(l) is null)
      and (not p.group_by <@ array['apiKey', 'workspace'] or exists (
        select from policy_conditions c
        where c.organization_id = p.organization_id and c.policy_id = p.id and c.attribute not in ('apiKey', 'workspace'))));
end
$$;
