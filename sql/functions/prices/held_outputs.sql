-- held_outputs returns how much of the output that requests may have is held: shares in percent, and the most tokens, which is the 99th
-- percentile of the last calls of the API key and model, where there were 100 at least. Null where that is all of it, and as a whole where no
-- organization of the batch has a policy.
create or replace function held_outputs(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_models text[], out shares integer[], out most bigint[])
language plpgsql stable
as $$
begin
  if not exists (select from estimate_rules e where e.organization_id = any (p_scopes.organization_ids)) then
    return;
  end if;
  with scopes as materialized (
    select s.index, s.organization_id, s.api_key_id, e.policy, e.percent
    from unnest(p_scopes.organization_ids, p_scopes.api_key_ids) with ordinality s (organization_id, api_key_id, index)
    cross join lateral (
      select e.policy, e.percent from estimate_rules e
      where e.organization_id = s.organization_id and (e.api_key_id = s.api_key_id or e.api_key_id is null)
      order by e.api_key_id limit 1) e
    where e.policy <> 'UPPER_BOUND'
  )
  select array_agg(case s.policy when 'SHARE' then s.percent end order by q.index),
    array_agg(case when s.policy = 'PERCENTILE' then (
      select o.percentile from recent_outputs o
      where o.organization_id = s.organization_id and o.api_key_id = s.api_key_id and o.model = lower(q.model collate "C")
        and cardinality(o.tokens) >= 100) end order by q.index)
  into shares, most
  from unnest(p_scope_indexes, p_models) with ordinality q (scope_index, model, index)
  left join scopes s on s.index = q.scope_index;
end
$$;
