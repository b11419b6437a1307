-- group_reports finds the groups of policies that reports are charged to, and makes those that do not exist. Reports without a reservation
-- have scopes by their groups then: see group_scopes. A reservation remembers its groups; where a report says something else of provider, model or
-- metadata, the counters of the groups that it adds are appended to its reservation's, and added says how many these are (null: none, and as a whole). What
-- it does not say is its reservation's. Usage is booked in full: where a policy may have no further group, it is charged to none of it. The
-- caller holds the organizations' locks and has read p_now after them.
create or replace function group_reports(
  p_scopes grouped_scope_batch, p_reports report_batch, p_reservations priced_reservation_batch, p_now timestamptz,
  out scopes grouped_scope_batch, out scope_indexes integer[], out reservations priced_reservation_batch, out added integer[])
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  matches policy_match_batch;
  unreserved policy_match_batch;
  grouped record;
  further record;
  named named_reservation;
  of_reports named_reservation[] := p_reservations.of_reports;
begin
  matches := (select match_policies(array_agg(q.organization_id order by q.index), array_agg(q.workspace_id order by q.index),
    array_agg(q.api_key_id order by q.index), array_agg(q.provider order by q.index), array_agg(q.model order by q.index),
    array_agg(q.metadata order by q.index), false)
  from (
    select q.index, case when q.reservation_id = none then p_scopes.organization_ids[q.scope_index] else r.organization_id end as organization_id,
      case when q.reservation_id = none then p_scopes.workspace_ids[q.scope_index] else r.workspace_id end as workspace_id,
      case when q.reservation_id = none then p_scopes.api_key_ids[q.scope_index] else r.api_key_id end as api_key_id,
      coalesce(nullif(q.provider, ''), r.provider) as provider, coalesce(nullif(q.model, ''), r.model) as model,
      case when r.metadata is null then q.metadata else (r.metadata || coalesce(nullif(q.metadata, ''), '{}')::jsonb)::text end as metadata
    from unnest(p_reports.scope_indexes, p_reports.reservation_ids, p_reports.labels[1:1], p_reports.labels[2:2], p_reports.labels[3:3],
        p_reservations.of_reports)
      with ordinality q (scope_index, reservation_id, provider, model, metadata,
        found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids, period_numbers, index)
    left join lateral (
      select r.organization_id, r.workspace_id, r.api_key_id, r.provider, r.model, r.metadata from reservations r
      where r.id = q.reservation_id and r.organization_id = q.organization_id -- a lease's, too
        and (q.provider <> '' or q.model <> '' or q.metadata not in ('', '{}'))
        and (lower(q.provider) <> lower(coalesce(nullif(r.provider, ''), '')) and q.provider <> ''
          or lower(q.model) <> lower(coalesce(r.model, '')) and q.model <> ''
          or not coalesce(r.metadata, '{}') @> coalesce(nullif(q.metadata, ''), '{}')::jsonb)
      limit 1) r on true) q);
  matches := make_groups(matches, p_now);

  select array_agg(m.index), array_agg(m.id) into unreserved.request_indexes, unreserved.group_ids
  from unnest(matches.request_indexes, matches.group_ids) m (index, id) where p_reports.reservation_ids[m.index] = none;
  grouped := group_scopes(p_scopes, p_reports.scope_indexes, unreserved);
  scopes := grouped.scopes;
  scope_indexes := grouped.scope_indexes;

  perform roll_counters(m.organization_id, array_agg(m.id), p_now)
  from (
    select distinct (of_reports[m.index]).organization_id as organization_id, m.id
    from unnest(matches.request_indexes, matches.group_ids) m (index, id) where p_reports.reservation_ids[m.index] <> none) m
  group by m.organization_id;
  for further in
    select m.index, array_agg(c.id order by c.id) as counter_ids, array_agg(c.period_number order by c.id) as period_numbers
    from unnest(matches.request_indexes, matches.group_ids) m (index, id)
    join counters c on c.organization_id = (of_reports[m.index]).organization_id and c.subject_id = m.id
      and c.id <> all ((of_reports[m.index]).counter_ids)
    where p_reports.reservation_ids[m.index] <> none
    group by m.index
  loop
    named := of_reports[further.index];
    named.counter_ids := named.counter_ids || further.counter_ids;
    named.period_numbers := named.period_numbers || further.period_numbers;
    of_reports[further.index] := named;
    added := coalesce(added, array_fill(null::integer, array[cardinality(of_reports)]));
    added[further.index] := cardinality(further.counter_ids);
  end loop;
  reservations := p_reservations;
  reservations.of_reports := of_reports;
end
$$;
