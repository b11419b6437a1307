-- reservations_at returns every reservation as it stands at an instant: one that is past its expiry is EXPIRED since then,
-- although nobody has swept it yet.
create or replace function reservations_at(p_now timestamptz) returns setof reservations
language sql stable
as $$
  select r.organization_id, r.id, r.api_key_id, r.workspace_id, r.request_id, r.fingerprint,
    case when r.status = 'HELD' and r.expires_at <= p_now then 'EXPIRED' else r.status end,
    r.requests, r.tokens, r.cost_nanos, r.counter_ids, r.period_numbers, r.admitted_at, r.expires_at,
    case when r.status = 'HELD' and r.expires_at <= p_now then r.expires_at else r.closed_at end
  from reservations r
$$;
