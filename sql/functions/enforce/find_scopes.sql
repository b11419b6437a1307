-- find_scopes finds what scopes name, as of an instant. The arrays are what a server knows of each scope: the access
-- token (zero: the operator's, which needs no row), the token's organization (zero: any, for the operator), and what names
-- an API key in it, a secret's hash (empty: not given) or an id (zero: not given). It only reads. A scope that does not
-- resolve is no failure of the batch: its error or its denial says why.
create or replace function find_scopes(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_now timestamptz)
returns grouped_scope_batch
language plpgsql stable
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  scopes grouped_scope_batch;
begin
  with unusable as materialized (
    select q.id
    from (select distinct * from unnest(p_access_token_ids, p_organization_ids)) q (id, organization_id)
    where q.id <> none and not exists (
      select from access_tokens t
      where t.organization_id = q.organization_id and t.id = q.id and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > p_now))
  )
  select array_agg(s.organization_id), array_agg(s.workspace_id), array_agg(s.api_key_id),
    array_agg(s.error), array_agg(s.denial), array_agg(s.index::integer) filter (where s.is_stale),
    bool_and(s.error is null and s.denial is null)
  into scopes
  from (
    select q.index, case when q.access_token_id in (select u.id from unusable u) then 'UNAUTHENTICATED' end as error,
      k.organization_id, k.workspace_id, k.id as api_key_id, api_key_denial(k, p_now) as denial,
      k.last_used_at is null or k.last_used_at < p_now - interval '1 minute' as is_stale
    from unnest(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids)
      with ordinality q (access_token_id, organization_id, secret_hash, api_key_id, index)
    left join lateral find_api_key(
      nullif(q.organization_id, none), nullif(q.secret_hash, ''), nullif(q.api_key_id, none), p_now) k on true
    order by q.index) s;
  if scopes.all_usable then -- arrays of nulls alone, which would be walked through for each element
    scopes.errors := null;
    scopes.denials := null;
  end if;
  return scopes;
end
$$;
