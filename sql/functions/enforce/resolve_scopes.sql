-- find_callers returns, in the order of the arrays, who asks: an access token (zero: the operator's), its organization (zero:
-- any) and what names an API key in it, a secret's hash or an id (empty or zero: not given). error is UNAUTHENTICATED for a
-- token that has been revoked or has expired at p_now; denial is why the key may not be used; untouched says that its
-- last use was noted more than a minute ago, or never.
create or replace function find_callers(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_now timestamptz)
returns table (
  number bigint, error text, organization_id uuid, workspace_id uuid, api_key_id uuid, denial denial_reason, untouched boolean)
language sql stable
as $$
  with unusable as materialized (
    select q.id
    from (select distinct * from unnest(p_access_token_ids, p_organization_ids)) q (id, organization_id)
    where q.id <> '00000000-0000-0000-0000-000000000000' and not exists (
      select from access_tokens t
      where t.organization_id = q.organization_id and t.id = q.id and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > p_now))
  )
  select q.number, case when q.access_token_id in (select u.id from unusable u) then 'UNAUTHENTICATED' end,
    k.organization_id, k.workspace_id, k.id, api_key_denial(k, p_now),
    k.last_used_at is null or k.last_used_at < p_now - interval '1 minute'
  from unnest(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids)
    with ordinality q (access_token_id, organization_id, secret_hash, api_key_id, number)
  left join lateral find_api_key(
    nullif(q.organization_id, '00000000-0000-0000-0000-000000000000'), nullif(q.secret_hash, ''),
    nullif(q.api_key_id, '00000000-0000-0000-0000-000000000000'), p_now) k on true
  order by q.number
$$;
