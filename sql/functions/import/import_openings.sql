-- import_openings books what API keys had used before they were imported, one row of the ledger each, as an opening balance of p_system (see
-- usage_events.opening_of): a JSON array of objects with api_key_id, workspace_id, cost_nanos, tokens and subject_ids, of which the budgets are
-- charged: in their current periods, and in full. It has no requests, and rate limits are not charged. Alerts are raised as by any usage. Raises the
-- constraints of usage_events. The limits are made before. Settings: see import_api_keys.
create or replace function import_openings(p_organization_id uuid, p_system text, p_openings jsonb) returns void
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  booked_at timestamptz;
  charged uuid[];
begin
  perform lock_organizations(array[p_organization_id]);
  booked_at := clock_timestamp();
  perform roll_counters(p_organization_id, array(
    select distinct s.id from jsonb_to_recordset(p_openings) o (subject_ids uuid[]) cross join lateral unnest(o.subject_ids) s (id)), booked_at);
  if not exists (
    select from pg_class c
    where c.relname = 'usage_events_' || to_char(booked_at at time zone 'UTC', 'YYYY_MM')
      and c.relnamespace = (select l.relnamespace from pg_class l where l.oid = 'usage_events'::regclass)) then
    perform create_usage_partitions(0, booked_at); -- whose lock is kept until the import ends
  end if;
  with openings as materialized (
    select o.*, c.ids, c.period_numbers
    from jsonb_to_recordset(p_openings) o (api_key_id uuid, workspace_id uuid, cost_nanos bigint, tokens bigint, subject_ids uuid[])
    cross join lateral (
      select coalesce(array_agg(c.id order by c.id), '{}') as ids, coalesce(array_agg(c.period_number order by c.id), '{}') as period_numbers
      from counters c
      where c.organization_id = p_organization_id and c.subject_id = any (o.subject_ids) and c.kind = 'BUDGET') c
  ), booked as (
    insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens,
      cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at, opening_of)
    select p_organization_id, uuid_v7(), nextval('usage_events_position_seq'), o.api_key_id, o.workspace_id, 0, o.tokens, 0, 0,
      o.cost_nanos, p_system, 'opening balance', 0, o.ids, o.period_numbers, booked_at, booked_at, p_system
    from openings o
  ), charges as (
    select t.id, sum(o.cost_nanos) as cost_nanos, sum(o.tokens) as tokens
    from openings o cross join lateral unnest(o.ids) t (id)
    group by t.id
  ), updated as (
    update counters c set used_units = c.used_units + case c.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else 0 end
    from charges s
    where c.organization_id = p_organization_id and c.id = s.id
    returning c.id
  )
  select array_agg(u.id) into charged from updated u;
  perform raise_alerts(p_organization_id, charged, null, null::bigint[], booked_at);
end
$$;
