-- group_scopes splits the scopes of a batch by the groups of policies that their requests fall under, so that all requests of a scope are
-- charged to the same counters, and returns them with the index of each request's. p_scope_indexes has the index in p_scopes. Groups that
-- p_matches lacks are among the scopes' missing ones. A scope with a key that may be used is denied where a policy may have no further group.
create or replace function group_scopes(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_matches policy_match_batch,
  out scopes grouped_scope_batch, out scope_indexes integer[])
language plpgsql stable
as $$
declare
  olds integer[]; -- at the index of a new scope, which one it was
  missing integer[]; -- indexes of missing groups, beside scopes.missing_scopes
begin
  scopes := p_scopes;
  scope_indexes := p_scope_indexes;
  if p_matches.request_indexes is null and p_matches.missing_indexes is null and p_matches.exhausted_indexes is null then
    return;
  end if;

  -- requests and matches are rows of one set that is grouped: the planner takes every array for ten elements, and may compare each to each
  with requests as materialized (
    select q.index, max(q.scope_index) as scope_index, array_agg(q.group_id order by q.group_id) filter (where q.group_id is not null) as group_ids,
      array_agg(q.missing order by q.missing) filter (where q.missing is not null) as missing, min(q.exhausted::text)::uuid as exhausted
    from (
      select q.index::integer, q.scope_index, null::uuid as group_id, null::integer as missing, null::uuid as exhausted
      from unnest(p_scope_indexes) with ordinality q (scope_index, index)
      union all
      select m.index, null, m.id, null, null from unnest(p_matches.request_indexes, p_matches.group_ids) m (index, id)
      union all
      select m.index, null, null, min(m.number) over (partition by m.id)::integer, null
      from unnest(p_matches.missing_indexes, p_matches.missing_group_ids) with ordinality m (index, id, number)
      union all
      select m.index, null, null, null, m.id from unnest(p_matches.exhausted_indexes, p_matches.exhausted_policy_ids) m (index, id)) q
    group by q.index
  ), numbered as materialized (
    select r.*, dense_rank() over (order by r.scope_index, r.group_ids, r.missing, r.exhausted)::integer as new_index from requests r
  ), made as materialized (
    select distinct on (n.new_index) n.* from numbered n order by n.new_index
  ), groups as materialized (
    select m.new_index, unnest(m.group_ids) as id from made m
  ), lacking as materialized (
    select m.new_index, unnest(m.missing) as number from made m
  )
  select (select array_agg(n.new_index order by n.index) from numbered n), array_agg(m.scope_index order by m.new_index),
    array_agg(m.exhausted order by m.new_index), (select array_agg(g.new_index) from groups g), (select array_agg(g.id) from groups g),
    (select array_agg(l.new_index) from lacking l), (select array_agg(l.number) from lacking l)
  into scope_indexes, olds, scopes.exhausted_policy_ids, scopes.group_scopes, scopes.group_ids, scopes.missing_scopes, missing
  from made m;

  select array_agg(p_scopes.organization_ids[o.old] order by o.index), array_agg(p_scopes.workspace_ids[o.old] order by o.index),
    array_agg(p_scopes.api_key_ids[o.old] order by o.index), array_agg(p_scopes.errors[o.old] order by o.index),
    array_agg(coalesce(p_scopes.denials[o.old], case when o.exhausted is not null then 'POLICY_GROUPS_EXHAUSTED'::denial_reason end) order by o.index),
    array_agg(o.index::integer) filter (where o.old = any (p_scopes.stale_last_used))
  into scopes.organization_ids, scopes.workspace_ids, scopes.api_key_ids, scopes.errors, scopes.denials, scopes.stale_last_used
  from unnest(olds, scopes.exhausted_policy_ids) with ordinality o (old, exhausted, index);
  if missing is not null then
    select array_agg(p_matches.missing_group_ids[n.number] order by n.index), array_agg(p_matches.missing_policy_ids[n.number] order by n.index),
      array_agg(p_matches.missing_values[n.number] order by n.index)
    into scopes.missing_group_ids, scopes.missing_policy_ids, scopes.missing_values
    from unnest(missing) with ordinality n (number, index);
  end if;
  scopes.all_usable := p_scopes.all_usable and p_matches.exhausted_indexes is null;
  if scopes.all_usable then
    scopes.errors := null;
    scopes.denials := null;
    scopes.exhausted_policy_ids := null;
  end if;
end
$$;
