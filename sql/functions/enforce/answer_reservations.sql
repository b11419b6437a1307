-- answer_reservations returns the answer to each request of a batch, as reserve_usage gives it. p_limits has the limits of
-- each scope as a JSON array, null where nobody wants them; p_denials those of each request, null where there are none.
-- p_skip_limits leaves the limits out of an answer, p_ids_only the reservation's row; null as a whole: neither.
--
-- Denials with shadow refuse nothing: servers tell them apart from the others. They are no column of their own, because calls of release 1 that are
-- under way during an upgrade end with the columns that usage_answers had then.
--
-- A request whose reservation was stored before and holds nothing any more has all of an answer, and the error RESERVATION_CLOSED as well: servers
-- of release 1 do not know that reason of a denial, and read the error alone.
create or replace function answer_reservations(
  p_scopes grouped_scope_batch, p_scope_indexes integer[], p_decision reservation_decision_batch, p_denials jsonb[], p_limits jsonb[],
  p_skip_limits boolean[], p_ids_only boolean[], p_now timestamptz)
returns setof usage_answers
language sql stable
as $$
  select q.index::integer, q.error, coalesce(q.replayed and a.answered, false),
    q.error is null and q.id is not null and (p_scopes).denials[q.scope_index] is null,
    p_now, (p_scopes).api_key_ids[q.scope_index], coalesce(q.denials, '[]'),
    case when q.skip_limits or not a.answered then '[]' else coalesce(p_limits[q.scope_index], '[]') end,
    r.stored, null::jsonb, case when a.answered then q.id end, null::uuid
  from unnest(p_scope_indexes, (p_decision).ids, (p_decision).errors, (p_decision).replayed, p_denials, p_skip_limits, p_ids_only)
    with ordinality q (scope_index, id, error, replayed, denials, skip_limits, ids_only, index)
  cross join lateral (select coalesce(q.error, 'RESERVATION_CLOSED') = 'RESERVATION_CLOSED' as answered) a
  left join lateral (
    select case when q.replayed then reservation_json(r, p_now) else to_jsonb(r) - 'fingerprint' end as stored from reservations r
    where q.ids_only is not true and a.answered and r.id = q.id limit 1) r on true
  order by q.index
$$;
