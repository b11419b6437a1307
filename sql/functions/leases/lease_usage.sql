-- lease_usage grants leases: requests, tokens and nano-dollars that a gateway may hand out by itself until the lease expires. A lease is a row of
-- reservations with what was granted in leased; requests, tokens and cost_nanos are what it still holds, in every limit of its key, workspace and
-- organization. What is recorded on it is taken from that (see draw_on_leases), and what nobody recorded is given back when it is returned, expires, or its
-- key may not be used any more. The arguments have an element for each lease: what identifies it is that of find_scopes; amounts are what would be
-- liked, requests 1 at least; see size_lease for what is granted, and grant_lease for how long. p_metadata is a JSON object that is kept with the lease, '' and
-- null: none. p_skip_limits leaves the limits out of an answer. p_now is
-- null in production: the database's clock, read after the locks.
-- A lease is for requests of whatever attributes: it is not granted where a policy looks at some that a key does not decide (see
-- needs_attributes).
--
-- A request id that was used before is answered with what is stored, or IDEMPOTENCY_MISMATCH when its key or fingerprint differs, or it is a
-- reservation's. Whether it is allowed is said of now, as reserve_usage does. Leases are decided one by one: there are few. A lease that is denied raises
-- no alert, because no request was denied. Settings: see reserve_usage.
create or replace function lease_usage(
  p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_request_ids text[],
  p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_metadata text[], p_skip_limits boolean[],
  p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  organization_ids uuid[];
  leased_at timestamptz;
  scopes grouped_scope_batch;
  scope grouped_scope_batch;
  grouped record;
  answer usage_answers;
  lease reservations;
  granted record;
  limits jsonb[];
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  organization_ids := lock_scopes(p_organization_ids, p_secret_hashes, p_api_key_ids);
  leased_at := coalesce(p_now, clock_timestamp());
  perform expire_due_reservations(organization_ids, leased_at, 1000, false);
  scopes := find_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, leased_at);

  for i in 1 .. cardinality(p_requests) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.decided_at := leased_at;
    answer.api_key_id := scopes.api_key_ids[i];
    answer.denials := '[]';
    answer.limits := '[]';
    answer.error := scopes.errors[i];
    lease := null;
    if answer.error is null and p_request_ids[i] <> '' then
      select * into lease from reservations r
      where r.organization_id = scopes.organization_ids[i] and r.request_id = p_request_ids[i];
      if lease.id is not null and (lease.leased is null or lease.api_key_id <> scopes.api_key_ids[i] or lease.fingerprint <> p_fingerprints[i]) then
        answer.error := 'IDEMPOTENCY_MISMATCH';
      end if;
    end if;
    if answer.error is null then
      scope := row(scopes.organization_ids[i:i], scopes.workspace_ids[i:i], scopes.api_key_ids[i:i], null, null, null, true,
        null, null, null, null, null, null, null);
      if has_policies(scope.organization_ids) and scopes.denials[i] is null then
        grouped := group_scopes(scope, array[1], make_groups(match_scopes(scope, array[1], null, null, null, false), leased_at));
        scope := grouped.scopes;
      end if;
      if scopes.denials[i] is not null then
        answer.denials := scope_denial(scopes, i);
      elsif scope.denials is not null then
        answer.denials := scope_denial(scope, 1);
      elsif lease.id is not null and not is_held(lease, leased_at) then
        answer.denials := '[{"reason": "RESERVATION_CLOSED"}]';
      end if;
      answer.replayed := lease.id is not null;
      if not answer.replayed and answer.denials = '[]' then
        select * into granted
        from grant_lease(scope, p_request_ids[i], p_fingerprints[i], p_requests[i], p_tokens[i], p_cost_nanos[i], p_ttl_seconds[i], p_metadata[i], leased_at);
        lease := granted.lease;
        answer.denials := granted.denials;
        if lease.id is not null then
          perform note_last_use(scopes, array[i], leased_at);
        end if;
      end if;
      if lease.id is not null then
        answer.reservation_id := lease.id;
        answer.reservation := reservation_json(lease, leased_at);
      end if;
      if p_skip_limits[i] is not true and scopes.api_key_ids[i] is not null then
        limits := limits_of_scopes_json(scope, leased_at, has_expired_holds(scope.organization_ids, leased_at));
        answer.limits := coalesce(limits[1], '[]');
      end if;
    end if;
    answer.allowed := answer.error is null and answer.denials = '[]';
    return next answer;
  end loop;
end
$$;
