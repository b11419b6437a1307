-- forget_groups deletes groups of an organization's policies that were at zero for a whole period, at most p_limit of them, and returns how
-- many: none of their counters has used or holds anything, and each is in the period in which it was made or was last used, with a whole
-- one after it, or rolled over from an empty one. A group with a budget that never resets stays when it has used something; without, it stays for a day. A
-- request that falls under it makes it again. p_after is the group after which to look (null: from the first); after_id is the
-- one after which to go on, null when there is none left. p_now is null in production: the database's clock, read after the lock.
create or replace function forget_groups(
  p_organization_id uuid, p_limit integer, p_after uuid, p_now timestamptz default null)
returns setof forgotten_groups
language plpgsql volatile
as $$
declare
  forgetting_at timestamptz;
  policy record;
  answer forgotten_groups;
  looked_at uuid[];
begin
  perform lock_organizations(array[p_organization_id]);
  forgetting_at := coalesce(p_now, clock_timestamp());
  answer.forgotten := 0;
  looked_at := array(
    select g.id from policy_groups g
    where g.organization_id = p_organization_id and (p_after is null or g.id > p_after)
    order by g.id limit p_limit);
  for policy in
    select g.policy_id, array_agg(g.id) as group_ids
    from policy_groups g
    where g.organization_id = p_organization_id and g.id = any (looked_at) and not exists (
      select from counters c
      where c.organization_id = g.organization_id and c.subject_id = g.id and not is_idle(c, g.created_at, forgetting_at))
    group by g.policy_id
  loop
    answer.forgotten := answer.forgotten + delete_groups(p_organization_id, policy.policy_id, policy.group_ids);
  end loop;
  answer.after_id := case when cardinality(looked_at) = p_limit then looked_at[p_limit] end;
  return next answer;
end
$$;
