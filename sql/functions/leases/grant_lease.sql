-- grant_lease grants a lease to the scope, which is one that may be used, and stores it, or says why not. It lasts as long as was asked for, or as the organization
-- lets leases and reservations last, and no longer than its key may be used and the first of the current windows and periods goes on: so a request that is
-- handed out counts in the window in which it was handed out. See size_lease for the amounts.
--
-- denials are LEASES_NOT_ALLOWED, also where a policy looks at what single requests are for (see needs_attributes); RATE_LIMITED or BUDGET_EXHAUSTED of each limit that has nothing left; else LEASE_TOO_SMALL of each that has too little
-- left to be divided, where requests may pass one by one; and HOLDS_EXCEEDED. lease is null when there are any. The caller holds the organization's lock and has read p_now after it.
create or replace function grant_lease(
  p_scope grouped_scope_batch, p_request_id text, p_fingerprint bytea, p_requests bigint, p_tokens bigint, p_cost_nanos bigint, p_ttl_seconds integer,
  p_metadata text, p_now timestamptz, out lease reservations, out denials jsonb)
language plpgsql volatile
as $$
declare
  one constant request_batch := row(array[1], null, null, array[1], array[1], array[1]);
  organization organizations;
  bounds hold_bound_batch;
  size record;
begin
  select * into organization from organizations o where o.id = p_scope.organization_ids[1];
  if not organization.leases_allowed or needs_attributes(p_scope) then
    denials := '[{"reason": "LEASES_NOT_ALLOWED"}]';
    return;
  end if;
  perform roll_scopes(p_scope, p_now);
  if organization.key_hold_percent is not null then
    bounds := hold_bounds(p_scope, p_now);
  end if;
  select * into size from size_lease(p_scope, bounds, p_requests, p_tokens, p_cost_nanos, p_now);

  denials := coalesce((
    select d.denials from denials_of(array_fill(1, array[cardinality(size.refused_ids)]), size.refused_ids, one, p_now, true) d), '[]');
  if denials = '[]' then
    denials := coalesce((
      select jsonb_agg(e.denial || '{"reason": "LEASE_TOO_SMALL"}')
      from denials_of(array_fill(1, array[cardinality(size.small_ids)]), size.small_ids, one, p_now, true) d,
        jsonb_array_elements(d.denials) e (denial)), '[]');
  end if;
  denials := denials || coalesce((
    select d.denials
    from exceeding_denials(array_fill(1, array[cardinality(size.small_types)]), size.small_types, bounds,
      row(array[1], null, null, array[p_requests], array[p_tokens], array[p_cost_nanos])::request_batch, p_now, true) d), '[]');
  if denials <> '[]' then
    return;
  end if;

  update counters c set
    reserved_units = c.reserved_units + held_units(c.kind, c.type, size.requests, size.tokens, size.cost_nanos, 0, size.requests)
  where c.organization_id = organization.id and c.id = any (size.counter_ids)
    and held_units(c.kind, c.type, size.requests, size.tokens, size.cost_nanos, 0, size.requests) > 0;
  insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens, cost_nanos, counter_ids,
    period_numbers, admitted_at, expires_at, leased, metadata)
  select k.organization_id, (uuid_v7_prefix(p_now) || substr(gen_random_uuid()::text, 16))::uuid, k.id, k.workspace_id, nullif(p_request_id, ''),
    p_fingerprint, size.requests, size.tokens, size.cost_nanos, size.counter_ids, size.period_numbers, p_now,
    least(p_now + make_interval(secs => lease_seconds_of(organization, p_ttl_seconds)), size.ends_at, k.expires_at),
    array[size.requests, size.tokens, size.cost_nanos], nullif(p_metadata, '')::jsonb
  from api_keys k
  where k.organization_id = organization.id and k.id = p_scope.api_key_ids[1]
  returning * into lease;
end
$$;
