-- find_access_token returns the access token with a hash, which must be the one that the transaction presents (see presented_token_hash)
-- unless the session acts as the owner; no row for a hash of none. Runs as the owner: the hash is compared here, and
-- no role of servers may read one. Its columns are those of visible_access_tokens.
create or replace function find_access_token(p_token_hash bytea) returns setof visible_access_tokens
language plpgsql stable security definer
set search_path from current
as $$
begin
  return query
    select t.organization_id, t.id, t.member_id, t.name, t.role, t.prefix, t.created_at, t.expires_at, t.revoked_at,
      t.accepts_key_ids
    from access_tokens t where t.token_hash = p_token_hash and (p_token_hash = presented_token_hash() or acts_as_owner());
end
$$;
