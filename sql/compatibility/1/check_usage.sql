-- check_usage without what requests are for, for servers of release 1.
create or replace function check_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[],
  p_scope_indexes integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[] default null,
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql stable
as $$
begin
  return query select * from check_usage(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, p_scope_indexes, p_requests, p_tokens,
    p_cost_nanos, null::text[], null::bigint[], p_skip_limits, p_now);
end
$$;
