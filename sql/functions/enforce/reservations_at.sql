-- reservations_at returns every reservation as it stands at an instant: one that holds nothing any more (see is_held) is EXPIRED, since its
-- expiry if that has come, although nobody has swept it yet.
create or replace function reservations_at(p_now timestamptz) returns setof reservations
language sql stable
as $$
  select r.organization_id, r.id, r.api_key_id, r.workspace_id, r.request_id, r.fingerprint,
    case when r.status = 'HELD' and not is_held(r, p_now) then 'EXPIRED' else r.status end,
    r.requests, r.tokens, r.cost_nanos, r.counter_ids, r.period_numbers, r.admitted_at, r.expires_at,
    case when r.status = 'HELD' and not is_held(r, p_now) then least(r.expires_at, p_now) else r.closed_at end,
    r.provider, r.model, r.service_tier, r.metadata, r.price_id, r.price_multiplier, r.leased
  from reservations r
$$;
