-- make_groups makes the groups that matches lack, with their counters, and returns the matches with them. The caller holds the organizations'
-- locks and has read p_now after them.
create or replace function make_groups(p_matches policy_match_batch, p_now timestamptz) returns policy_match_batch
language plpgsql volatile
as $$
declare
  made record;
begin
  if p_matches.missing_indexes is null then
    return p_matches;
  end if;
  with made as (
    insert into policy_groups (organization_id, id, policy_id, group_values, created_at)
    select distinct on (m.group_id) m.organization_id, m.group_id, m.policy_id, m.group_values::text[], p_now
    from unnest(p_matches.missing_group_ids, p_matches.missing_organization_ids, p_matches.missing_policy_ids, p_matches.missing_values)
      m (group_id, organization_id, policy_id, group_values)
    order by m.group_id
    returning organization_id, policy_id, id
  ), counted as (
    update policies p set group_count = p.group_count + n.number
    from (select m.organization_id, m.policy_id, count(*) as number from made m group by 1, 2) n
    where p.organization_id = n.organization_id and p.id = n.policy_id
  )
  select array_agg(m.organization_id) as organization_ids, array_agg(m.policy_id) as policy_ids, array_agg(m.id) as group_ids
  into made from made m;
  perform add_group_counters(made.organization_ids, made.policy_ids, made.group_ids, null, p_now);

  p_matches.request_indexes := coalesce(p_matches.request_indexes, '{}') || p_matches.missing_indexes;
  p_matches.group_ids := coalesce(p_matches.group_ids, '{}') || p_matches.missing_group_ids;
  p_matches.missing_indexes := null;
  p_matches.missing_group_ids := null;
  p_matches.missing_organization_ids := null;
  p_matches.missing_policy_ids := null;
  p_matches.missing_values := null;
  return p_matches;
end
$$;
