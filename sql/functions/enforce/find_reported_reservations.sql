-- find_reported_reservations returns the reservations that reports name, as they are stored, and what those with labels say of prices. The first array has the organization of
-- each scope as its server knows it (zero: any, for the operator): a reservation of another organization is not found. The
-- caller holds the organizations' locks.
--
-- Of a lease it returns the organization, the workspace, the key, and the counters and periods that usage is charged to, and neither id nor hold: what is
-- recorded on it is booked in full, however often, whether it is open or not, and draw_on_leases takes that out of what it holds.
--
-- The order is that of the aggregate itself: PostgreSQL 16 and later sort the input for count(distinct) beside it.
create or replace function find_reported_reservations(p_organization_ids uuid[], p_scopes grouped_scope_batch, p_reports report_batch)
returns priced_reservation_batch
language plpgsql stable
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  reservations priced_reservation_batch;
begin
  select array_agg(n.reservation order by n.index), case when bool_or(n.has_labels) then array_agg(n.price order by n.index) end,
    bool_and(n.is_open) and count(distinct n.id) = count(n.id), bool_or(n.is_unreserved),
    bool_or(n.is_lease)
  into reservations
  from (
    select q.index, case when r.leased is null then r.id end as id, q.reservation_id = none as is_unreserved, r.leased is not null as is_lease,
      case when r.leased is null then row(r.id, r.organization_id, r.workspace_id, r.api_key_id, r.status, r.requests, r.tokens, r.cost_nanos,
        r.counter_ids, r.period_numbers)::named_reservation
      else row(null, r.organization_id, r.workspace_id, r.api_key_id, null, null, null, null, r.counter_ids, r.period_numbers)::named_reservation
      end as reservation,
      l.has_labels, case when l.has_labels
        then row(r.admitted_at, r.provider, r.model, r.service_tier, r.price_id, r.price_multiplier)::reserved_price end as price,
      p_scopes.errors[q.scope_index] is null and case
        when q.reservation_id = none then p_scopes.api_key_ids[q.scope_index] is not null
        else coalesce(r.leased is not null or r.status in ('HELD', 'EXPIRED'), false)
      end as is_open
    from unnest(p_reports.scope_indexes, p_reports.reservation_ids) with ordinality q (scope_index, reservation_id, index)
    left join lateral (
      select * from reservations r
      where r.id = nullif(q.reservation_id, none) and p_organization_ids[q.scope_index] in (none, r.organization_id)
      limit 1) r on true
    cross join lateral (
      select r.model is not null or r.provider is not null or r.service_tier is not null as has_labels) l) n;
  return reservations;
end
$$;
