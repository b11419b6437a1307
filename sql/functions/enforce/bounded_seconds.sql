-- bounded_seconds returns how long reservations hold, in seconds: what was asked for, or what the organization of its scope allows, whichever
-- is less. The arrays of requests have the index of the scope and what was asked for.
create or replace function bounded_seconds(p_scopes grouped_scope_batch, p_scope_indexes integer[], p_ttl_seconds integer[]) returns integer[]
language plpgsql stable
as $$
begin
  return (
    select array_agg(least(q.ttl_seconds, o.key_hold_seconds) order by q.index)
    from unnest(p_scope_indexes, p_ttl_seconds) with ordinality q (scope_index, ttl_seconds, index)
    left join organizations o on o.id = p_scopes.organization_ids[q.scope_index]);
end
$$;
