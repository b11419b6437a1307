-- reserve_usage without what requests are for, for servers of release 1.
create or replace function reserve_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_scope_indexes integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[],
  p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[] default null, p_ids_only boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile
as $$
begin
  return query select * from reserve_usage(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, p_scope_indexes, p_request_ids,
    p_fingerprints, p_requests, p_tokens, p_cost_nanos, p_ttl_seconds, null::text[], null::bigint[], p_skip_limits, p_ids_only, p_now);
end
$$;
