-- record_batch books a whole batch of reports at once, in a fixed number of statements, when nothing about it needs a
-- decision: every key and reservation is known, none is settled, released or named twice, and no request id was used
-- before. Otherwise it changes nothing and returns no row. Its arguments are record_usage's; its caller holds the
-- organizations' locks and has read the clock after them.
create or replace function record_batch(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_reservation_ids uuid[], p_request_ids text[],
  p_fingerprints bytea[], p_requests bigint[], p_input_tokens bigint[], p_output_tokens bigint[],
  p_cached_input_tokens bigint[], p_cost_nanos bigint[], p_providers text[], p_models text[], p_metadata text[],
  p_occurred_at timestamptz[], p_skip_limits boolean[], p_now timestamptz)
returns setof usage_answers
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  organization_ids uuid[];
  workspace_ids uuid[];
  key_ids uuid[];
  usable boolean;
  booked jsonb[];
  charged_organization_ids uuid[];
  charged_limit_ids uuid[];
  charged_period_numbers integer[];
begin
  select array_agg(k.organization_id order by q.ordinal), array_agg(k.workspace_id order by q.ordinal),
    array_agg(k.id order by q.ordinal),
    bool_and(k.id is not null and (q.reservation_id = none or r.status in ('HELD', 'EXPIRED')))
      and count(distinct r.id) = count(r.id)
  into organization_ids, workspace_ids, key_ids, usable
  from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids, p_reservation_ids)
    with ordinality q (organization_id, secret_hash, api_key_id, reservation_id, ordinal)
  left join reservations r on r.id = nullif(q.reservation_id, none) and q.organization_id in (none, r.organization_id)
  left join lateral find_api_key(
    coalesce(r.organization_id, nullif(q.organization_id, none)),
    case when r.id is null then nullif(q.secret_hash, '') end,
    coalesce(r.api_key_id, nullif(q.api_key_id, none)), p_now) k on true;
  if usable is not true or exists (
    select from unnest(organization_ids, p_request_ids) q (organization_id, request_id)
    where q.request_id <> '' and (
      exists (select from usage_event_requests s where s.organization_id = q.organization_id and s.request_id = q.request_id)
      or array_length(array_positions(p_request_ids, q.request_id), 1) > 1)) then
    return;
  end if;
  perform roll_subjects(organization_ids, workspace_ids, key_ids, p_now);

  with reports as materialized (
    select q.*, uuid_v7(p_now) as id, r.id as settled_id, r.limit_ids, r.period_numbers,
      case r.status when 'HELD' then r.tokens else 0 end as held_tokens,
      case r.status when 'HELD' then r.cost_nanos else 0 end as held_cost_nanos,
      n.requests as used_requests,
      greatest(0, n.requests - coalesce(r.requests, 0)) as counted_requests
    from unnest(organization_ids, workspace_ids, key_ids, p_reservation_ids, p_request_ids, p_fingerprints, p_requests,
      p_input_tokens, p_output_tokens, p_cached_input_tokens, p_cost_nanos, p_providers, p_models, p_metadata, p_occurred_at)
      with ordinality q (organization_id, workspace_id, api_key_id, reservation_id, request_id, fingerprint, requests,
      input_tokens, output_tokens, cached_input_tokens, cost_nanos, provider, model, metadata, occurred_at, ordinal)
    left join reservations r on r.organization_id = q.organization_id and r.id = nullif(q.reservation_id, none)
    cross join lateral (
      select case when q.requests >= 0 then q.requests else coalesce(r.requests, 1) end as requests) n
  ), targets as materialized (
    select q.ordinal, l.id as limit_id, l.period_number
    from reports q
    join limits l on l.organization_id = q.organization_id
      and l.subject_id = any (array[q.organization_id, q.workspace_id, q.api_key_id])
    where q.settled_id is null
    union all
    select q.ordinal, t.limit_id, t.period_number
    from reports q, unnest(q.limit_ids, q.period_numbers) t (limit_id, period_number)
    where q.settled_id is not null
  ), sums as materialized (
    select q.organization_id, t.limit_id, t.period_number, sum(q.counted_requests) as requests,
      sum(q.input_tokens + q.output_tokens) as tokens, sum(q.cost_nanos) as cost_nanos,
      sum(q.held_tokens) as held_tokens, sum(q.held_cost_nanos) as held_cost_nanos
    from targets t join reports q on q.ordinal = t.ordinal
    group by 1, 2, 3
  ), charged_limits as (
    update limits l set
      used_units = l.used_units + case l.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else s.requests end,
      reserved_units = l.reserved_units - case l.type when 'COST' then s.held_cost_nanos when 'TOKENS' then s.held_tokens else 0 end
    from sums s
    where l.organization_id = s.organization_id and l.id = s.limit_id and l.period_number = s.period_number
      and case l.type
        when 'COST' then s.cost_nanos > 0 or s.held_cost_nanos > 0
        when 'TOKENS' then s.tokens > 0 or s.held_tokens > 0
        else s.requests > 0
      end
  ), charged_periods as (
    update budget_periods p set
      used_units = p.used_units + case p.type when 'COST' then s.cost_nanos else s.tokens end,
      reserved_units = p.reserved_units - case p.type when 'COST' then s.held_cost_nanos else s.held_tokens end
    from sums s
    where p.organization_id = s.organization_id and p.budget_limit_id = s.limit_id and p.period_number = s.period_number
  ), settled as (
    update reservations r set status = 'SETTLED', closed_at = p_now
    from reports q
    where r.organization_id = q.organization_id and r.id = q.settled_id
  ), inserted as (
    insert into usage_events (organization_id, id, position, api_key_id, workspace_id, reservation_id, request_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, limit_ids,
      period_numbers, metadata, occurred_at, recorded_at)
    select q.organization_id, q.id, nextval('usage_events_position_seq'), q.api_key_id, q.workspace_id, q.settled_id,
      nullif(q.request_id, ''), q.used_requests, q.input_tokens, q.output_tokens, q.cached_input_tokens, q.cost_nanos,
      q.provider, q.model, q.counted_requests, coalesce(t.limit_ids, '{}'), coalesce(t.period_numbers, '{}'),
      q.metadata::jsonb, coalesce(nullif(q.occurred_at, '0001-01-01 00:00:00+00'), p_now), p_now
    from reports q
    left join (
      select t.ordinal, array_agg(t.limit_id order by t.limit_id) as limit_ids,
        array_agg(t.period_number order by t.limit_id) as period_numbers
      from targets t group by t.ordinal) t on t.ordinal = q.ordinal
    order by q.ordinal
    returning *
  ), named as (
    insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
    select q.organization_id, q.request_id, q.api_key_id, q.fingerprint, q.id, p_now
    from reports q where q.request_id <> ''
  )
  select
    (select array_agg(to_jsonb(i) order by q.ordinal) from inserted i join reports q on q.id = i.id),
    array_agg(s.organization_id), array_agg(s.limit_id), array_agg(s.period_number)
  into booked, charged_organization_ids, charged_limit_ids, charged_period_numbers
  from sums s;

  perform raise_alerts(c.organization_id, array_agg(c.limit_id), array_agg(c.period_number), false, p_now)
  from unnest(charged_organization_ids, charged_limit_ids, charged_period_numbers) c (organization_id, limit_id, period_number)
  group by c.organization_id;
  perform touch_api_keys(organization_ids, key_ids, p_now);
  return query
    select q.ordinal::integer, null::text, false, true, p_now, q.api_key_id, '[]'::jsonb, s.statuses, null::jsonb, booked[q.ordinal]
    from unnest(key_ids) with ordinality q (api_key_id, ordinal)
    join batch_limits(organization_ids, workspace_ids, key_ids, p_skip_limits, p_now) s on s.ordinal = q.ordinal
    order by q.ordinal;
end
$$;
