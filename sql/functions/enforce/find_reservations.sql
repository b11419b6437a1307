-- find_reservations returns the reservations that reports name, as they are stored. The first array has the organization of
-- each scope as its server knows it (zero: any, for the operator): a reservation of another organization is not found. The
-- caller holds the organizations' locks.
create or replace function find_reservations(p_organization_ids uuid[], p_scopes scope_batch, p_reports report_batch)
returns reservation_batch
language plpgsql stable
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  reservations reservation_batch;
begin
  select array_agg(r.id order by q.index), array_agg(r.organization_id order by q.index),
    array_agg(r.workspace_id order by q.index), array_agg(r.api_key_id order by q.index),
    array_agg(r.status order by q.index), array_agg(r.requests order by q.index), array_agg(r.tokens order by q.index),
    array_agg(r.cost_nanos order by q.index),
    array_agg(case when r.id is not null then row(r.limit_ids, r.period_numbers)::charged_limits end order by q.index),
    bool_and(p_scopes.errors[q.scope_index] is null and case
      when q.reservation_id = none then p_scopes.api_key_ids[q.scope_index] is not null
      else coalesce(r.status in ('HELD', 'EXPIRED'), false)
    end) and count(distinct r.id) = count(r.id),
    bool_or(q.reservation_id = none)
  into reservations
  from unnest(p_reports.scope_indexes, p_reports.reservation_ids) with ordinality q (scope_index, reservation_id, index)
  left join lateral (
    select * from reservations r
    where r.id = nullif(q.reservation_id, none) and p_organization_ids[q.scope_index] in (none, r.organization_id)
    limit 1) r on true;
  return reservations;
end
$$;
