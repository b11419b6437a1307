-- note_last_use writes p_now as the last use of those keys whose note is stale (see grouped_scope_batch) and that one of the given
-- scopes names: the scopes of the requests that were admitted, or of the reports that were booked.
create or replace function note_last_use(p_scopes grouped_scope_batch, p_scope_indexes integer[], p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
  if p_scopes.stale_last_used is null then
    return;
  end if;
  update api_keys k set last_used_at = p_now
  from (
    select distinct p_scopes.organization_ids[q.index] as organization_id, p_scopes.api_key_ids[q.index] as id
    from unnest(p_scope_indexes) q (index)
    where q.index = any (p_scopes.stale_last_used)) q
  where k.organization_id = q.organization_id and k.id = q.id;
end
$$;
