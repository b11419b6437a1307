-- delete_groups deletes groups of a policy with their counters and what these have counted; reservations and ledger rows keep their ids, and
-- are charged nowhere. Null: all of the policy's. The caller holds the organization's lock. Returns how many it deleted.
create or replace function delete_groups(p_organization_id uuid, p_policy_id uuid, p_group_ids uuid[]) returns bigint
language plpgsql volatile
as $$
declare
  deleted uuid[];
begin
  with gone as (
    delete from policy_groups g
    where g.organization_id = p_organization_id and g.policy_id = p_policy_id and (p_group_ids is null or g.id = any (p_group_ids))
    returning g.id
  )
  select array_agg(g.id) into deleted from gone g;
  delete from counters c where c.organization_id = p_organization_id and c.subject_id = any (deleted);
  update policies p set group_count = p.group_count - cardinality(deleted)
  where p.organization_id = p_organization_id and p.id = p_policy_id and deleted is not null;
  return coalesce(cardinality(deleted), 0);
end
$$;
