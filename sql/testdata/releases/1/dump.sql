
-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE TYPE public.alert_kind AS ENUM (
    'THRESHOLD',
    'EXHAUSTED'
);


CREATE TYPE public.api_key_status AS ENUM (
    'ACTIVE',
    'DISABLED',
    'EXHAUSTED',
    'EXPIRED',
    'REVOKED'
);


CREATE TYPE public.charged_counters AS (
	counter_ids uuid[],
	period_numbers integer[]
);


CREATE TYPE public.decision_batch AS (
	ids uuid[],
	replayed boolean[],
	errors text[],
	admitted boolean[],
	counter_ids uuid[],
	counter_units numeric[],
	refused_requests integer[],
	refused_counter_ids uuid[]
);


CREATE TYPE public.delivery_purpose AS ENUM (
    'ALERT',
    'RESET'
);


CREATE TYPE public.delivery_status AS ENUM (
    'QUEUED',
    'SENT',
    'DELIVERED',
    'BOUNCED',
    'COMPLAINED',
    'FAILED'
);


CREATE TYPE public.demand_batch AS (
	counter_ids uuid[],
	ctids tid[],
	units numeric[],
	opens_window boolean[],
	changes bigint,
	charges public.charged_counters[],
	all_fit boolean,
	has_expired_holds boolean
);


CREATE TYPE public.denial_reason AS ENUM (
    'KEY_NOT_FOUND',
    'KEY_DISABLED',
    'KEY_EXPIRED',
    'KEY_REVOKED',
    'BUDGET_EXHAUSTED',
    'RATE_LIMITED',
    'ESTIMATE_EXCEEDS_LIMIT'
);


CREATE TYPE public.job_state AS ENUM (
    'RUNNING',
    'SUCCEEDED',
    'FAILED',
    'INTERRUPTED'
);


CREATE TYPE public.limit_kind AS ENUM (
    'BUDGET',
    'RATE'
);


CREATE TYPE public.limit_period AS ENUM (
    'NONE',
    'WEEKLY',
    'MONTHLY',
    'MINUTE',
    'HOUR',
    'DAY'
);


CREATE TYPE public.limit_type AS ENUM (
    'COST',
    'TOKENS',
    'REQUESTS'
);


CREATE TYPE public.member_role AS ENUM (
    'OWNER',
    'ADMIN',
    'MEMBER'
);


CREATE TYPE public.reservation_status AS ENUM (
    'HELD',
    'SETTLED',
    'RELEASED',
    'EXPIRED'
);


CREATE TYPE public.named_reservation AS (
	id uuid,
	organization_id uuid,
	workspace_id uuid,
	api_key_id uuid,
	status public.reservation_status,
	held_requests bigint,
	held_tokens bigint,
	held_cost_nanos bigint,
	counter_ids uuid[],
	period_numbers integer[]
);


CREATE TYPE public.owed_alert_batch AS (
	organization_ids uuid[],
	counter_ids uuid[],
	period_numbers integer[]
);


CREATE TYPE public.plan AS ENUM (
    'FREE',
    'PRO',
    'ENTERPRISE'
);


CREATE TYPE public.recipient_source AS ENUM (
    'OWNER',
    'ADMIN',
    'CREATOR',
    'ADDED'
);


CREATE TYPE public.report_batch AS (
	scope_indexes integer[],
	reservation_ids uuid[],
	request_ids text[],
	fingerprints bytea[],
	quantities bigint[],
	cost_nanos bigint[],
	labels text[],
	occurred_at timestamp with time zone[]
);


CREATE TYPE public.report_decision_batch AS (
	ids uuid[],
	booked boolean[],
	replayed_at timestamp with time zone[],
	errors text[]
);


CREATE TYPE public.request_batch AS (
	scope_indexes integer[],
	request_ids text[],
	fingerprints bytea[],
	requests bigint[],
	tokens bigint[],
	cost_nanos bigint[]
);


CREATE TYPE public.reservation_batch AS (
	of_reports public.named_reservation[],
	all_open boolean,
	any_unreserved boolean
);


CREATE TYPE public.river_job_state AS ENUM (
    'available',
    'cancelled',
    'completed',
    'discarded',
    'pending',
    'retryable',
    'running',
    'scheduled'
);


CREATE TYPE public.scope_batch AS (
	organization_ids uuid[],
	workspace_ids uuid[],
	api_key_ids uuid[],
	errors text[],
	denials public.denial_reason[],
	stale_last_used integer[],
	all_usable boolean
);


CREATE TYPE public.subject_type AS ENUM (
    'ORGANIZATION',
    'WORKSPACE',
    'API_KEY'
);


CREATE TYPE public.suppression_reason AS ENUM (
    'BOUNCED',
    'COMPLAINED'
);


CREATE TYPE public.token_role AS ENUM (
    'OWNER',
    'ADMIN',
    'VIEWER',
    'GATEWAY'
);


CREATE TYPE public.usage_dimension AS ENUM (
    'API_KEY',
    'WORKSPACE',
    'MODEL',
    'PROVIDER'
);


CREATE TYPE public.usage_interval AS ENUM (
    'HOUR',
    'DAY',
    'WEEK',
    'MONTH'
);


CREATE FUNCTION public.add_usage(p_organization_id uuid, p_after bigint, p_upto bigint, p_from timestamp with time zone) RETURNS void
    LANGUAGE sql
    AS $$
  with hours as materialized (
    select period_start('HOUR', e.recorded_at) as hour, e.api_key_id, e.provider, e.model, e.workspace_id,
      sum(e.requests) as requests, sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos
    from usage_events e
    where e.organization_id = p_organization_id and e.position > p_after and e.position <= p_upto and e.recorded_at >= p_from
    group by 1, 2, 3, 4, 5
  ), days as materialized (
    select period_start('DAY', h.hour) as day, h.api_key_id, h.provider, h.model, h.workspace_id, sum(h.requests) as requests,
      sum(h.input_tokens) as input_tokens, sum(h.output_tokens) as output_tokens,
      sum(h.cached_input_tokens) as cached_input_tokens, sum(h.cache_write_tokens) as cache_write_tokens,
      sum(h.cost_nanos) as cost_nanos
    from hours h group by 1, 2, 3, 4, 5
  ), key_hours as (
    insert into usage_hours as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos)
    select p_organization_id, h.* from hours h
    on conflict (organization_id, bucket_start, api_key_id, provider, model) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos
  ), key_days as (
    insert into usage_days as u (organization_id, bucket_start, api_key_id, provider, model, workspace_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos)
    select p_organization_id, d.* from days d
    on conflict (organization_id, bucket_start, api_key_id, provider, model) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos
  ), workspace_hours as (
    insert into usage_workspace_hours as u (organization_id, bucket_start, workspace_id, provider, model, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos)
    select p_organization_id, h.hour, h.workspace_id, h.provider, h.model, sum(h.requests), sum(h.input_tokens),
      sum(h.output_tokens), sum(h.cached_input_tokens), sum(h.cache_write_tokens), sum(h.cost_nanos)
    from hours h group by h.hour, h.workspace_id, h.provider, h.model
    on conflict (organization_id, bucket_start, workspace_id, provider, model) do update set
      requests = u.requests + excluded.requests,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cost_nanos = u.cost_nanos + excluded.cost_nanos
  )
  insert into usage_workspace_days as u (organization_id, bucket_start, workspace_id, provider, model, requests,
    input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos)
  select p_organization_id, d.day, d.workspace_id, d.provider, d.model, sum(d.requests), sum(d.input_tokens),
    sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos)
  from days d group by d.day, d.workspace_id, d.provider, d.model
  on conflict (organization_id, bucket_start, workspace_id, provider, model) do update set
    requests = u.requests + excluded.requests,
    input_tokens = u.input_tokens + excluded.input_tokens,
    output_tokens = u.output_tokens + excluded.output_tokens,
    cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
    cost_nanos = u.cost_nanos + excluded.cost_nanos
$$;


CREATE FUNCTION public.admit_requests(p_scopes public.scope_batch, p_requests public.request_batch, p_barred boolean[], p_first_of_id integer[], p_now timestamp with time zone, p_has_expired_holds boolean, OUT admitted boolean[], OUT earlier integer[], OUT counter_ids uuid[], OUT counter_units numeric[], OUT refused_requests integer[], OUT refused_counter_ids uuid[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
  scope_indexes constant integer[] := p_requests.scope_indexes;
  requests constant bigint[] := p_requests.requests;
  tokens constant bigint[] := p_requests.tokens;
  cost_nanos constant bigint[] := p_requests.cost_nanos;
  types limit_type[];
  rooms bigint[];
  applicable integer[]; -- indexes of counters, those of one scope after those of the scope before
  scopes integer[];     -- the scope of each of them
  first integer[];      -- where each scope's begin in applicable
  last integer[];       -- and end: before it begins when there is none
  holder integer[];     -- at the index of the first request with an id: which request with that id is admitted
  units bigint;
  slot integer;
  all_fit boolean;
begin
  with counters as materialized (
    select * from counters_of_scopes(p_scopes, p_now, p_has_expired_holds)
  )
  select a.applicable, a.scopes, c.ids, c.types, c.rooms, c.zeros
  into applicable, scopes, counter_ids, types, rooms, counter_units
  from (
    select array_agg(n.slot order by n.scope_index, n.slot) as applicable,
      array_agg(n.scope_index order by n.scope_index, n.slot) as scopes
    from (select c.scope_index, dense_rank() over (order by c.id) as slot from counters c) n) a
  cross join (
    select array_agg(c.id order by c.id) as ids, array_agg(c.type order by c.id) as types,
      array_agg(c.room order by c.id) as rooms, array_agg(0) as zeros
    from (select distinct c.id, c.type, greatest(c.room, -1)::bigint as room from counters c) c) c;
  first := array_fill(1, array[cardinality(p_scopes.organization_ids)]);
  last := array_fill(0, array[cardinality(p_scopes.organization_ids)]);
  for i in 1 .. coalesce(cardinality(applicable), 0) loop
    if last[scopes[i]] = 0 then
      first[scopes[i]] := i;
    end if;
    last[scopes[i]] := i;
  end loop;

  admitted := array_fill(false, array[cardinality(scope_indexes)]);
  earlier := array_fill(null::integer, array[cardinality(scope_indexes)]);
  holder := earlier;
  refused_requests := '{}';
  refused_counter_ids := '{}';
  for i in 1 .. cardinality(scope_indexes) loop
    earlier[i] := holder[p_first_of_id[i]];
    continue when earlier[i] is not null or p_barred[i];
    all_fit := true;
    for j in first[scope_indexes[i]] .. last[scope_indexes[i]] loop
      slot := applicable[j];
      units := case types[slot] when 'COST' then cost_nanos[i] when 'TOKENS' then tokens[i] else requests[i] end;
      if rooms[slot] <= 0 or units > rooms[slot] then
        all_fit := false;
        refused_requests := refused_requests || i;
        refused_counter_ids := refused_counter_ids || counter_ids[slot];
      end if;
    end loop;
    continue when not all_fit;
    admitted[i] := true;
    holder[coalesce(p_first_of_id[i], i)] := i;
    for j in first[scope_indexes[i]] .. last[scope_indexes[i]] loop
      slot := applicable[j];
      units := case types[slot] when 'COST' then cost_nanos[i] when 'TOKENS' then tokens[i] else requests[i] end;
      rooms[slot] := rooms[slot] - units;
      counter_units[slot] := counter_units[slot] + units;
    end loop;
  end loop;
end
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.usage_answers (
    ordinal integer NOT NULL,
    error text,
    replayed boolean NOT NULL,
    allowed boolean NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    api_key_id uuid,
    denials jsonb NOT NULL,
    limits jsonb NOT NULL,
    reservation jsonb,
    usage_event jsonb,
    reservation_id uuid,
    usage_event_id uuid,
    CONSTRAINT usage_answers_shape_check CHECK (false)
);


COMMENT ON COLUMN public.usage_answers.ordinal IS 'The request''s index in the batch, from 1.';


COMMENT ON COLUMN public.usage_answers.error IS 'UNAUTHENTICATED, NOT_FOUND, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED; null when the request was answered.';


COMMENT ON COLUMN public.usage_answers.reservation IS 'The whole row of reservation_id; null where the request asked for the id alone. So is usage_event.';


CREATE FUNCTION public.answer_reports(p_scopes public.scope_batch, p_scope_indexes integer[], p_reservations public.reservation_batch, p_decision public.report_decision_batch, p_limits jsonb[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE sql STABLE
    AS $$
  select q.index::integer, q.error, q.replayed_at is not null, q.error is null, p_now,
    case when q.error is null then coalesce(q.api_key_id, (p_scopes).api_key_ids[q.scope_index]) end, '[]'::jsonb,
    case when q.skip_limits or q.error is not null then '[]' else coalesce(q.limits, '[]') end,
    null::jsonb, e.stored, null::uuid, q.id
  from unnest(p_scope_indexes, (p_decision).ids, (p_decision).errors, (p_decision).replayed_at, p_limits, p_skip_limits, p_ids_only,
      (p_reservations).of_reports)
    with ordinality q (scope_index, id, error, replayed_at, limits, skip_limits, ids_only,
      found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids,
      period_numbers, index)
  left join lateral (
    select to_jsonb(e) as stored from usage_events e
    where q.ids_only is not true and e.id = q.id and e.recorded_at = coalesce(q.replayed_at, p_now)
    limit 1) e on true
  order by q.index
$$;


CREATE FUNCTION public.answer_reservations(p_scopes public.scope_batch, p_scope_indexes integer[], p_decision public.decision_batch, p_denials jsonb[], p_limits jsonb[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE sql STABLE
    AS $$
  select q.index::integer, q.error, coalesce(q.replayed and q.error is null, false), q.error is null and q.id is not null,
    p_now, (p_scopes).api_key_ids[q.scope_index], coalesce(q.denials, '[]'),
    case when q.skip_limits or q.error is not null then '[]' else coalesce(p_limits[q.scope_index], '[]') end,
    r.stored, null::jsonb, case when q.error is null then q.id end, null::uuid
  from unnest(p_scope_indexes, (p_decision).ids, (p_decision).errors, (p_decision).replayed, p_denials, p_skip_limits, p_ids_only)
    with ordinality q (scope_index, id, error, replayed, denials, skip_limits, ids_only, index)
  left join lateral (
    select reservation_json(r, p_now) as stored from reservations r
    where q.ids_only is not true and q.error is null and r.id = q.id limit 1) r on true
  order by q.index
$$;


CREATE FUNCTION public.uuid_v7(at timestamp with time zone DEFAULT clock_timestamp()) RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS $$
  select encode(
    overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(t.ms)::bigint) from 3) || int2send((28672 + floor((t.ms - floor(t.ms)) * 4096))::smallint)
      from 1 for 8),
    'hex')::uuid
  from (select extract(epoch from at) * 1000 as ms) t
$$;


CREATE TABLE public.api_keys (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    workspace_id uuid,
    created_by_id uuid,
    name text NOT NULL,
    description text,
    prefix text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    disabled_by_administrator boolean DEFAULT false NOT NULL,
    email_notifications boolean DEFAULT true NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    expires_at_most timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT api_keys_description_check CHECK ((char_length(description) <= 2000)),
    CONSTRAINT api_keys_disabled_by_administrator_check CHECK ((NOT (enabled AND disabled_by_administrator))),
    CONSTRAINT api_keys_expires_at_most_check CHECK (((expires_at_most IS NULL) OR ((expires_at IS NOT NULL) AND (expires_at <= expires_at_most)))),
    CONSTRAINT api_keys_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT api_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))
)
WITH (fillfactor='80');


COMMENT ON COLUMN public.api_keys.workspace_id IS 'The workspace that owns the key; null when the organization itself does.';


COMMENT ON COLUMN public.api_keys.disabled_by_administrator IS 'Whether it was last switched off by somebody who is more than a MEMBER.';


COMMENT ON COLUMN public.api_keys.expires_at IS 'The first instant at which the key is refused; null never.';


COMMENT ON COLUMN public.api_keys.expires_at_most IS 'The expires_at that somebody set last who is more than a MEMBER; null when they set none.';


COMMENT ON COLUMN public.api_keys.last_used_at IS 'Written at most once a minute, so that a busy key costs no extra write.';


CREATE FUNCTION public.api_key_denial(p_api_key public.api_keys, p_now timestamp with time zone) RETURNS public.denial_reason
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case
    when p_api_key.id is null then 'KEY_NOT_FOUND'::denial_reason
    when p_api_key.revoked_at is not null then 'KEY_REVOKED'
    when p_api_key.expires_at <= p_now then 'KEY_EXPIRED'
    when not p_api_key.enabled then 'KEY_DISABLED'
  end
$$;


CREATE FUNCTION public.api_key_has(p_api_key public.api_keys, p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select strpos(lower(p_api_key.name), p_text) > 0
    or coalesce(strpos(lower(p_api_key.description), p_text) > 0, false)
    or strpos(lower(p_api_key.prefix), p_text) > 0
$$;


CREATE FUNCTION public.api_key_status_at(p_api_key public.api_keys, p_now timestamp with time zone) RETURNS public.api_key_status
    LANGUAGE sql STABLE
    AS $$
  select api_key_status_of(p_api_key, p_now, exists (
    select from limit_statuses_at(p_now) s
    where s.organization_id = p_api_key.organization_id and s.subject_id = any (subjects_of(p_api_key))
      and s.kind = 'BUDGET' and s.used_units + s.reserved_units >= s.max_units))
$$;


CREATE FUNCTION public.api_key_status_of(p_api_key public.api_keys, p_now timestamp with time zone, p_exhausted boolean) RETURNS public.api_key_status
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case
    when p_api_key.revoked_at is not null then 'REVOKED'::api_key_status
    when p_api_key.expires_at <= p_now then 'EXPIRED'
    when not p_api_key.enabled then 'DISABLED'
    when p_exhausted then 'EXHAUSTED'
    else 'ACTIVE'
  end
$$;


CREATE FUNCTION public.audit_json(p_row jsonb, p_prefix text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  select jsonb_object_agg(
    n.name,
    case
      when r.key = 'id' then to_jsonb(external_id(p_prefix, (p_row ->> 'id')::uuid))
      when jsonb_typeof(r.value) = 'null' then r.value
      when x.prefix is not null then to_jsonb(external_id(x.prefix, (r.value #>> '{}')::uuid))
      when r.key in ('max_units', 'used_units') and p_row ->> 'type' = 'COST'
        then to_jsonb(trim_scale((r.value #>> '{}')::numeric * 0.000000001)::text)
      when r.key in ('max_units', 'used_units') then to_jsonb(r.value #>> '{}')
      when r.key = 'alert_units' then (
        select coalesce(jsonb_agg(case p_row ->> 'type'
          when 'COST' then trim_scale(a.units::numeric * 0.000000001)::text else a.units end), '[]')
        from jsonb_array_elements_text(r.value) a (units))
      else r.value
    end)
  from jsonb_each(p_row) r
  cross join lateral (
    select case r.key
      when 'max_units' then 'amount'
      when 'used_units' then 'used'
      when 'alert_units' then 'alertThresholds'
      else (
        select string_agg(case w.number when 1 then w.word else initcap(w.word) end, '' order by w.number)
        from regexp_split_to_table(r.key, '_') with ordinality w (word, number))
    end as name
  ) n
  left join (values
    ('organization_id', 'org'), ('workspace_id', 'ws'), ('api_key_id', 'key'), ('member_id', 'mem'), ('created_by_id', 'mem')
  ) x (key, prefix) on x.key = r.key
  where not (r.key = 'address' and p_row ? 'email') -- address is email in lower case
    and r.key not in ('token_hash', 'secret_hash', 'subject_id', 'subject_type', 'last_used_at', 'generation_started_at')
$$;


CREATE TABLE public.limits (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    workspace_id uuid,
    api_key_id uuid,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(api_key_id, workspace_id, organization_id)) STORED NOT NULL,
    subject_type public.subject_type GENERATED ALWAYS AS (
CASE
    WHEN (api_key_id IS NOT NULL) THEN 'API_KEY'::public.subject_type
    WHEN (workspace_id IS NOT NULL) THEN 'WORKSPACE'::public.subject_type
    ELSE 'ORGANIZATION'::public.subject_type
END) STORED NOT NULL,
    kind public.limit_kind NOT NULL,
    type public.limit_type NOT NULL,
    period public.limit_period NOT NULL,
    max_units bigint NOT NULL,
    alert_units bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    generation_started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT limits_alert_units_check CHECK (((0 < ALL (alert_units)) AND (max_units > ALL (alert_units)) AND ((kind = 'BUDGET'::public.limit_kind) OR (alert_units = '{}'::bigint[])) AND (array_position(alert_units, NULL::bigint) IS NULL))),
    CONSTRAINT limits_cost_minimum_check CHECK (((type <> 'COST'::public.limit_type) OR (max_units >= 1000000000))),
    CONSTRAINT limits_max_units_check CHECK ((max_units > 0)),
    CONSTRAINT limits_period_check CHECK (
CASE kind
    WHEN 'BUDGET'::public.limit_kind THEN (period = ANY (ARRAY['NONE'::public.limit_period, 'WEEKLY'::public.limit_period, 'MONTHLY'::public.limit_period]))
    ELSE (period = ANY (ARRAY['MINUTE'::public.limit_period, 'HOUR'::public.limit_period, 'DAY'::public.limit_period]))
END),
    CONSTRAINT limits_subject_check CHECK ((num_nonnulls(workspace_id, api_key_id) <= 1)),
    CONSTRAINT limits_type_check CHECK (
CASE kind
    WHEN 'BUDGET'::public.limit_kind THEN (type = ANY (ARRAY['COST'::public.limit_type, 'TOKENS'::public.limit_type]))
    ELSE (type = ANY (ARRAY['REQUESTS'::public.limit_type, 'TOKENS'::public.limit_type]))
END)
);


COMMENT ON COLUMN public.limits.max_units IS 'The amount of a budget, the limit of a rate: nano-dollars, tokens or requests.';


COMMENT ON COLUMN public.limits.alert_units IS 'Alert thresholds, ascending, each above zero and below max_units; budgets only.';


COMMENT ON COLUMN public.limits.generation IS 'Goes up by one with a manual reset and with a change of type or period: its counters start again at zero.';


COMMENT ON COLUMN public.limits.generation_started_at IS 'When the current generation began: created_at, the last manual reset or the last change of type or period.';


CREATE FUNCTION public.begin_generation(p_limit public.limits) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  insert into budget_periods (organization_id, counter_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted, closed_at)
  select c.organization_id, c.id, c.limit_id, c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end,
    c.max_units, c.alert_units, c.used_units, c.reserved_units, c.alerted_units, c.exhaustion_alerted,
    p_limit.generation_started_at
  from counters c
  where c.organization_id = p_limit.organization_id and c.limit_id = p_limit.id and c.kind = 'BUDGET';
  update counters c set
    subject_id = p_limit.subject_id,
    subject_type = p_limit.subject_type,
    kind = p_limit.kind,
    type = p_limit.type,
    period = p_limit.period,
    max_units = p_limit.max_units,
    alert_units = p_limit.alert_units,
    generation = p_limit.generation,
    period_number = c.period_number + 1,
    -- never before the period that ends, even if plain SQL set an earlier generation_started_at
    period_start = coalesce(period_start(p_limit.period, greatest(p_limit.generation_started_at, c.period_start)),
      greatest(p_limit.generation_started_at, c.period_start)),
    period_end = period_end(p_limit.period, greatest(p_limit.generation_started_at, c.period_start)),
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false
  where c.organization_id = p_limit.organization_id and c.limit_id = p_limit.id;
end
$$;


CREATE FUNCTION public.book_usage(p_scopes public.scope_batch, p_reports public.report_batch, p_reservations public.reservation_batch, p_charges public.charged_counters[], p_decision public.report_decision_batch, p_now timestamp with time zone) RETURNS public.owed_alert_batch
    LANGUAGE plpgsql
    AS $$
declare
  quantities constant bigint[] := p_reports.quantities;
  labels constant text[] := p_reports.labels;
  owed owed_alert_batch;
begin
  with reports as materialized (
    select q.index, q.id, q.reservation_id, q.reservation_id is not null as closes,
      coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) as organization_id,
      coalesce(q.workspace_id, p_scopes.workspace_ids[q.scope_index]) as workspace_id,
      coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) as api_key_id,
      coalesce(q.counter_ids, (p_charges[q.scope_index]).counter_ids, '{}') as counter_ids,
      coalesce(q.period_numbers, (p_charges[q.scope_index]).period_numbers, '{}') as period_numbers,
      case q.status when 'HELD' then q.held_tokens else 0 end as gives_back_tokens,
      case q.status when 'HELD' then q.held_cost_nanos else 0 end as gives_back_cost_nanos,
      n.requests, greatest(0, n.requests - coalesce(q.held_requests, 0)) as counted_requests,
      q.input_tokens, q.output_tokens, q.cached_input_tokens, coalesce(q.cache_write_tokens, 0) as cache_write_tokens,
      q.cost_nanos, q.provider, q.model, q.metadata, q.request_id, q.fingerprint, q.occurred_at
    from unnest(p_reports.scope_indexes, p_decision.ids, p_decision.booked, p_reports.request_ids, p_reports.fingerprints,
        quantities[1:1], quantities[2:2], quantities[3:3], quantities[4:4], quantities[5:5], p_reports.cost_nanos,
        labels[1:1], labels[2:2], labels[3:3], p_reports.occurred_at,
        p_reservations.of_reports)
      with ordinality q (scope_index, id, booked, request_id, fingerprint,
        requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos,
        provider, model, metadata, occurred_at,
        reservation_id, organization_id, workspace_id, api_key_id, status, held_requests,
        held_tokens, held_cost_nanos, counter_ids, period_numbers, index)
    cross join lateral (
      select case when q.requests >= 0 then q.requests else coalesce(q.held_requests, 1) end as requests) n
    where q.booked is not false
  ), charges as materialized (
    select q.organization_id, t.counter_id, t.period_number, sum(q.counted_requests) as requests,
      sum(q.input_tokens + q.output_tokens) as tokens, sum(q.cost_nanos) as cost_nanos,
      sum(q.gives_back_tokens) as gives_back_tokens, sum(q.gives_back_cost_nanos) as gives_back_cost_nanos
    from reports q, unnest(q.counter_ids, q.period_numbers) t (counter_id, period_number)
    group by q.organization_id, t.counter_id, t.period_number
  ), charged_counters as (
    update counters c set
      used_units = c.used_units + case c.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else s.requests end,
      reserved_units = c.reserved_units
        - case c.type when 'COST' then s.gives_back_cost_nanos when 'TOKENS' then s.gives_back_tokens else 0 end
    from charges s
    where c.id = s.counter_id and c.period_number = s.period_number
      and case c.type
        when 'COST' then s.cost_nanos > 0 or s.gives_back_cost_nanos > 0
        when 'TOKENS' then s.tokens > 0 or s.gives_back_tokens > 0
        else s.requests > 0
      end
    returning c.organization_id, c.id, c.period_number, c.kind = 'BUDGET'
      and owes_alerts(c.used_units, c.max_units, c.alert_units, c.alerted_units, c.exhaustion_alerted) as owes
  ), charged_periods as (
    update budget_periods p set
      used_units = p.used_units + case p.type when 'COST' then s.cost_nanos else s.tokens end,
      reserved_units = p.reserved_units - case p.type when 'COST' then s.gives_back_cost_nanos else s.gives_back_tokens end
    from charges s
    where p.organization_id = s.organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
    returning p.organization_id, p.counter_id, p.period_number,
      owes_alerts(p.used_units, p.max_units, p.alert_units, p.alerted_units, p.exhaustion_alerted) as owes
  ), ledger_rows as (
    insert into usage_events (organization_id, id, position, api_key_id, workspace_id, reservation_id, request_id, requests,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_nanos, provider, model, counted_requests,
      counter_ids, period_numbers, metadata, occurred_at, recorded_at)
    select q.organization_id, q.id, nextval('usage_events_position_seq'), q.api_key_id, q.workspace_id, q.reservation_id,
      nullif(q.request_id, ''), q.requests, q.input_tokens, q.output_tokens, q.cached_input_tokens,
      q.cache_write_tokens, q.cost_nanos, q.provider, q.model, q.counted_requests, q.counter_ids, q.period_numbers, q.metadata::jsonb,
      coalesce(nullif(q.occurred_at, '0001-01-01 00:00:00+00'), p_now), p_now
    from reports q
    order by q.index
  ), ledger_request_ids as (
    insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
    select q.organization_id, q.request_id, q.api_key_id, q.fingerprint, q.id, p_now
    from reports q
    where q.request_id <> ''
  ), closed as (
    update reservations r set status = 'SETTLED', closed_at = p_now
    from reports q
    where r.id = q.reservation_id and q.closes
  )
  select array_agg(o.organization_id), array_agg(o.id), array_agg(o.period_number)
  into owed
  from (
    select c.organization_id, c.id, c.period_number from charged_counters c where c.owes
    union all
    select p.organization_id, p.counter_id, p.period_number from charged_periods p where p.owes) o;
  return owed;
end
$$;


CREATE FUNCTION public.bound_buckets(p_number bigint, p_most integer) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
  if p_number > p_most then
    raise exception 'the report has % buckets', p_number using errcode = 'UB003';
  end if;
  return true;
end
$$;


CREATE TABLE public.budget_periods (
    organization_id uuid NOT NULL,
    counter_id uuid NOT NULL,
    budget_limit_id uuid NOT NULL,
    period_number integer NOT NULL,
    generation integer NOT NULL,
    type public.limit_type NOT NULL,
    period public.limit_period NOT NULL,
    period_start timestamp with time zone NOT NULL,
    period_end timestamp with time zone,
    max_units bigint NOT NULL,
    alert_units bigint[] NOT NULL,
    used_units numeric NOT NULL,
    reserved_units bigint NOT NULL,
    alerted_units bigint[] NOT NULL,
    exhaustion_alerted boolean NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT budget_periods_reserved_units_check CHECK ((reserved_units >= 0)),
    CONSTRAINT budget_periods_used_units_check CHECK ((used_units >= (0)::numeric))
);


COMMENT ON COLUMN public.budget_periods.budget_limit_id IS 'The counter''s limit.';


COMMENT ON COLUMN public.budget_periods.closed_at IS 'When the reset job, or the reset that ended the generation, closed it; null until then.';


CREATE FUNCTION public.budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamp with time zone) RETURNS SETOF public.budget_periods
    LANGUAGE sql STABLE
    AS $$
  select p.* from counters c
  join budget_periods p on p.organization_id = c.organization_id and p.counter_id = c.id
  where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id
  union all
  select c.organization_id, c.id, c.limit_id, c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end,
    c.max_units, c.alert_units, c.used_units, c.reserved_units, c.alerted_units, c.exhaustion_alerted, null
  from counters c
  where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id and c.kind = 'BUDGET' and p_now >= c.period_end
  union all
  select s.organization_id, s.counter_id, s.id, s.period_number + (p_now >= c.period_end and c.period_end is not null)::integer,
    s.generation, s.type, s.period, s.period_start, s.period_end, s.max_units, s.alert_units, s.used_units, s.reserved_units,
    '{}', false, null
  from limit_statuses_at(p_now) s
  join counters c on c.organization_id = s.organization_id and c.id = s.counter_id
  where s.organization_id = p_organization_id and s.id = p_budget_limit_id and s.kind = 'BUDGET'
$$;


CREATE FUNCTION public.charge_counters(p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_used_requests bigint, p_used_tokens bigint, p_used_cost_nanos bigint, p_held_tokens bigint, p_held_cost_nanos bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  update counters c set
    used_units = c.used_units + units_of(c.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = c.reserved_units + units_of(c.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where c.organization_id = p_organization_id and c.id = q.counter_id and c.period_number = q.period_number
    and (units_of(c.type, p_used_requests, p_used_tokens, p_used_cost_nanos) <> 0
      or units_of(c.type, 0, p_held_tokens, p_held_cost_nanos) <> 0);

  update budget_periods p set
    used_units = p.used_units + units_of(p.type, p_used_requests, p_used_tokens, p_used_cost_nanos),
    reserved_units = p.reserved_units + units_of(p.type, 0, p_held_tokens, p_held_cost_nanos)
  from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
  where p.organization_id = p_organization_id and p.counter_id = q.counter_id and p.period_number = q.period_number;
end
$$;


CREATE FUNCTION public.charge_demand(p_demand public.demand_batch, p_decision public.decision_batch, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  ctids tid[] := p_demand.ctids;
  units numeric[] := p_demand.units;
  opens_window boolean[] := p_demand.opens_window;
  counter_ids uuid[];
  changes bigint := p_demand.changes;
  written bigint;
begin
  if p_decision.admitted is not null then
    select array_agg(d.id order by d.id), array_agg(d.ctid order by d.id), array_agg(d.opens order by d.id)
    into counter_ids, ctids, opens_window
    from unnest(p_demand.counter_ids, ctids, opens_window) d (id, ctid, opens);
    units := p_decision.counter_units;
    changes := (select count(*) from unnest(units, opens_window) d (units, opens) where d.units > 0 or d.opens);
  end if;

  update counters c set
    period_number = c.period_number + d.opens::integer,
    period_start = case when d.opens then period_start(c.period, p_now) else c.period_start end,
    period_end = case when d.opens then period_end(c.period, p_now) else c.period_end end,
    used_units = case when d.opens then 0 else c.used_units end + case c.type when 'REQUESTS' then d.units else 0 end,
    reserved_units = case when d.opens then 0 else c.reserved_units end + case c.type when 'REQUESTS' then 0 else d.units end
  from unnest(ctids, units, opens_window) d (ctid, units, opens)
  where c.ctid = d.ctid and (d.units > 0 or d.opens);
  get diagnostics written = row_count;
  if written <> changes or counter_ids is distinct from p_decision.counter_ids then
    raise exception 'charge_demand: counters changed although their organization was locked'
      using errcode = 'serialization_failure';
  end if;
end
$$;


CREATE FUNCTION public.check_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[] DEFAULT NULL::boolean[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  decided_at constant timestamptz := coalesce(p_now, clock_timestamp());
  shows_limits constant boolean := p_skip_limits is null or false = any (p_skip_limits);
  scopes scope_batch;
  requests request_batch;
  -- what each scope's counters have left, at the tightest one of each unit
  rooms_requests numeric[];
  rooms_tokens numeric[];
  rooms_cost_nanos numeric[];
  refused integer[];  -- requests that a counter refuses
  has_expired_holds boolean := false;
  denials jsonb[];
  limits jsonb[];
begin
  scopes := resolve_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at);
  -- the price step of reserve_usage belongs here, too

  loop
    -- a counter with nothing left refuses requests of any size, an estimate of nothing included: -1
    select array_agg(r.cost_nanos order by n.index), array_agg(r.tokens order by n.index), array_agg(r.requests order by n.index)
    into rooms_cost_nanos, rooms_tokens, rooms_requests
    from generate_series(1, cardinality(p_organization_ids)) n (index)
    left join (
      select c.scope_index, case when min(c.room) <= 0 then -1 else min(c.room) filter (where c.type = 'COST') end as cost_nanos,
        min(c.room) filter (where c.type = 'TOKENS') as tokens, min(c.room) filter (where c.type = 'REQUESTS') as requests
      from counters_of_scopes(scopes, decided_at, has_expired_holds) c
      group by c.scope_index) r on r.scope_index = n.index;
    select array_agg(q.index) into refused
    from unnest(p_scope_indexes, p_requests, p_tokens, p_cost_nanos)
      with ordinality q (scope_index, requests, tokens, cost_nanos, index)
    where q.cost_nanos > rooms_cost_nanos[q.scope_index] or q.tokens > rooms_tokens[q.scope_index]
      or q.requests > rooms_requests[q.scope_index];
    -- nobody looks for holds past their expiry as long as there is room beside them
    exit when has_expired_holds or (refused is null and not shows_limits);
    has_expired_holds := has_expired_holds(array(select distinct unnest(scopes.organization_ids)), decided_at);
    exit when not has_expired_holds or refused is null;
  end loop;

  if refused is not null or not scopes.all_usable then
    requests := row(p_scope_indexes, null, null, p_requests, p_tokens, p_cost_nanos);
    denials := explain_checks(scopes, requests, refused, decided_at, has_expired_holds);
  end if;
  if shows_limits then
    limits := limits_of_scopes_json(scopes, decided_at, has_expired_holds);
  end if;
  return query
    select q.index::integer, scopes.errors[q.scope_index], false, scopes.errors[q.scope_index] is null and q.denials is null,
      decided_at, scopes.api_key_ids[q.scope_index], coalesce(q.denials, '[]'),
      case when q.skip_limits then '[]' else coalesce(limits[q.scope_index], '[]') end,
      null::jsonb, null::jsonb, null::uuid, null::uuid
    from unnest(p_scope_indexes, denials, p_skip_limits) with ordinality q (scope_index, denials, skip_limits, index)
    order by q.index;
end
$$;


CREATE FUNCTION public.close_periods(p_organization_id uuid, p_limit integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  closing_at timestamptz;
  budget_ids uuid[];  -- counters
  exhausted_ids uuid[];  -- limits
  closed integer;
begin
  perform lock_organizations(array[p_organization_id]);
  closing_at := coalesce(p_now, clock_timestamp());
  perform roll_counters(p_organization_id, array(
    select c.subject_id from counters c
    where c.organization_id = p_organization_id and c.closes_at <= closing_at
    limit p_limit), closing_at);
  budget_ids := array(
    select distinct d.counter_id from (
      select p.counter_id from budget_periods p
      where p.organization_id = p_organization_id and p.closed_at is null
      order by p.counter_id limit p_limit) d);
  with closing as (
    update budget_periods p set closed_at = closing_at
    where p.organization_id = p_organization_id and p.counter_id = any (budget_ids) and p.closed_at is null
    returning p.budget_limit_id, p.exhaustion_alerted
  )
  select count(*), coalesce(array_agg(distinct c.budget_limit_id) filter (where c.exhaustion_alerted), '{}')
  into closed, exhausted_ids
  from closing c;
  if exhausted_ids <> '{}' then
    perform raise_reset_notices(p_organization_id, exhausted_ids, closing_at);
  end if;
  return closed;
end
$$;


CREATE TABLE public.reservations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid,
    request_id text,
    fingerprint bytea NOT NULL,
    status public.reservation_status DEFAULT 'HELD'::public.reservation_status NOT NULL,
    requests bigint NOT NULL,
    tokens bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    counter_ids uuid[] NOT NULL,
    period_numbers integer[] NOT NULL,
    admitted_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT reservations_closed_at_check CHECK (((status = 'HELD'::public.reservation_status) = (closed_at IS NULL))),
    CONSTRAINT reservations_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT reservations_request_id_check CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255))),
    CONSTRAINT reservations_requests_check CHECK ((requests >= 0)),
    CONSTRAINT reservations_tokens_check CHECK ((tokens >= 0))
)
WITH (fillfactor='70');


COMMENT ON COLUMN public.reservations.fingerprint IS 'SHA-256 of the request''s contents: the same request id with another one is a mismatch.';


COMMENT ON COLUMN public.reservations.counter_ids IS 'The counters of the limits that admitted it, beside period_numbers: where its usage is charged, whenever it settles.';


CREATE FUNCTION public.close_reservation(p_reservation public.reservations, p_status public.reservation_status, p_now timestamp with time zone) RETURNS public.reservations
    LANGUAGE plpgsql
    AS $$
begin
  perform charge_counters(p_reservation.organization_id, p_reservation.counter_ids, p_reservation.period_numbers,
    0, 0, 0, -p_reservation.tokens, -p_reservation.cost_nanos);
  update reservations r set status = p_status, closed_at = p_now
  where r.organization_id = p_reservation.organization_id and r.id = p_reservation.id
  returning * into p_reservation;
  return p_reservation;
end
$$;


CREATE FUNCTION public.counters_of_scopes(p_scopes public.scope_batch, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS TABLE(scope_index bigint, id uuid, ctid tid, kind public.limit_kind, type public.limit_type, period_number integer, ended boolean, room numeric)
    LANGUAGE sql STABLE
    AS $$
  with expired as materialized (
    select * from expired_holds((p_scopes).organization_ids, p_now) where p_has_expired_holds
  )
  select s.index, c.id, c.ctid, c.kind, c.type, c.period_number, c.period_end <= p_now, c.max_units - case
      when c.period_end <= p_now then 0
      else c.used_units + c.reserved_units - coalesce(
        case c.type when 'COST' then e.cost_nanos when 'TOKENS' then e.tokens else 0 end, 0)
    end
  from unnest((p_scopes).organization_ids, (p_scopes).workspace_ids, (p_scopes).api_key_ids)
    with ordinality s (organization_id, workspace_id, api_key_id, index)
  join counters c on c.organization_id = s.organization_id
    and c.subject_id = any (array[s.organization_id, s.workspace_id, s.api_key_id])
  left join expired e on e.counter_id = c.id and e.period_number = c.period_number
$$;


CREATE TABLE public.limit_statuses (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_type public.subject_type NOT NULL,
    subject_id uuid NOT NULL,
    kind public.limit_kind NOT NULL,
    type public.limit_type NOT NULL,
    period public.limit_period NOT NULL,
    max_units bigint NOT NULL,
    alert_units bigint[] NOT NULL,
    used_units numeric NOT NULL,
    reserved_units bigint NOT NULL,
    generation integer NOT NULL,
    period_number integer NOT NULL,
    period_start timestamp with time zone NOT NULL,
    period_end timestamp with time zone,
    counter_id uuid NOT NULL,
    CONSTRAINT limit_statuses_shape_check CHECK (false)
);


CREATE FUNCTION public.create_limit(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_kind public.limit_kind, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.limit_statuses
    LANGUAGE plpgsql
    AS $$
declare
  created_at timestamptz;
  created_id uuid;
begin
  perform lock_organizations(array[p_organization_id]);
  perform require_governance(p_organization_id);
  created_at := coalesce(p_now, clock_timestamp());
  insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, alert_units, created_at,
    generation_started_at)
  values (p_organization_id, p_workspace_id, p_api_key_id, p_kind, p_type, p_period, p_max_units,
    array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units), created_at, created_at)
  returning limits.id into created_id;
  return query select * from limit_statuses_at(created_at) s where s.organization_id = p_organization_id and s.id = created_id;
end
$$;


CREATE FUNCTION public.create_usage_partitions(p_months_ahead integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  month timestamptz;
  next_month timestamptz;
  name text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('create_usage_partitions', 0));
  month := period_start('MONTHLY', coalesce(p_now, clock_timestamp()));
  for i in 0 .. p_months_ahead loop
    next_month := period_end('MONTHLY', month);
    name := 'usage_events_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I (like usage_events including defaults including constraints)', name);
      perform set_config('bursar.moving_usage_events', 'on', true);
      execute format(
        'with moved as (delete from usage_events_default where recorded_at >= %L and recorded_at < %L returning *) '
        'insert into %I select * from moved', month, next_month, name);
      perform set_config('bursar.moving_usage_events', 'off', true);
      for attempt in 1 .. 25 loop
        begin
          set local lock_timeout = '100ms';
          execute format('alter table usage_events attach partition %I for values from (%L) to (%L)', name, month, next_month);
          exit;
        exception when lock_not_available then
          if attempt = 25 then
            raise;
          end if;
          perform pg_sleep(0.1);
        end;
      end loop;
      made := made + 1;
    end if;
    month := next_month;
  end loop;
  return made;
end
$$;


CREATE FUNCTION public.current_charges(p_scopes public.scope_batch, p_now timestamp with time zone) RETURNS public.charged_counters[]
    LANGUAGE plpgsql
    AS $$
declare
  charges charged_counters[];
  any_ended boolean;
begin
  loop
    select array_agg(c.charge order by n.index), bool_or(c.ended)
    into charges, any_ended
    from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
    left join (
      select c.scope_index, bool_or(c.ended) as ended, row(array_agg(c.id), array_agg(c.period_number))::charged_counters as charge
      from counters_of_scopes(p_scopes, p_now, false) c
      group by c.scope_index) c on c.scope_index = n.index;
    exit when any_ended is not true;
    perform roll_subjects(p_scopes.organization_ids, p_scopes.workspace_ids, p_scopes.api_key_ids, p_now);
  end loop;
  return charges;
end
$$;


CREATE FUNCTION public.current_organization() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select nullif(current_setting('bursar.organization', true), '')::uuid
$$;


CREATE FUNCTION public.date_delivery_status() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.status_at := clock_timestamp();
  return new;
end
$$;


CREATE FUNCTION public.decide_reports(p_scopes public.scope_batch, p_reports public.report_batch, p_reservations public.reservation_batch, p_one_by_one boolean, p_now timestamp with time zone) RETURNS public.report_decision_batch
    LANGUAGE plpgsql
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  prefix constant text := uuid_v7_prefix(p_now);
  reports constant integer := cardinality(p_reports.scope_indexes);
  decision report_decision_batch;
  report record;
  earlier integer;
  settled uuid[] := '{}';
  holders integer[]; -- at the index of the first report with a request id: which report with that id is booked
  keys uuid[];
begin
  if not p_one_by_one then
    decision.ids := array(select (prefix || substr(gen_random_uuid()::text, 16))::uuid from generate_series(1, reports));
    return decision;
  end if;

  decision.ids := array_fill(null::uuid, array[reports]);
  decision.booked := array_fill(false, array[reports]);
  decision.replayed_at := array_fill(null::timestamptz, array[reports]);
  decision.errors := array_fill(null::text, array[reports]);
  holders := array_fill(null::integer, array[reports]);
  keys := decision.ids;
  for report in
    select q.index, q.api_key_id, q.request_id, q.fingerprint, q.status, s.usage_event_id, s.recorded_at,
      nullif(q.reservation_id, none) as reservation_id, q.found_id, q.error,
      s.api_key_id <> q.api_key_id or s.fingerprint <> q.fingerprint as differs,
      case when q.request_id <> '' then first_value(q.index) over (
        partition by q.organization_id, q.request_id order by q.index) end as first_of_id
    from (
      select q.index, q.reservation_id, q.request_id, q.fingerprint, q.status, q.found_id, p_scopes.errors[q.scope_index] as error,
        coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) as organization_id,
        coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) as api_key_id
      from unnest(p_reports.scope_indexes, p_reports.reservation_ids, p_reports.request_ids, p_reports.fingerprints,
          p_reservations.of_reports)
        with ordinality q (scope_index, reservation_id, request_id, fingerprint,
          found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens, held_cost_nanos, counter_ids,
          period_numbers, index)) q
    left join lateral (
      select s.* from usage_event_requests s
      where s.organization_id = q.organization_id and s.request_id = nullif(q.request_id, '') limit 1) s on true
    order by q.index
  loop
    keys[report.index] := report.api_key_id;
    earlier := holders[report.first_of_id];
    decision.errors[report.index] := case
      when report.error is not null then report.error
      when report.api_key_id is null or (report.reservation_id is not null and report.found_id is null) then 'NOT_FOUND'
      when report.differs then 'IDEMPOTENCY_MISMATCH'
      when report.usage_event_id is not null then null
      when p_reports.fingerprints[earlier] <> report.fingerprint or keys[earlier] <> report.api_key_id then 'IDEMPOTENCY_MISMATCH'
      when earlier is not null then null
      when report.status in ('SETTLED', 'RELEASED') or report.reservation_id = any (settled) then 'RESERVATION_CLOSED'
    end;
    continue when decision.errors[report.index] is not null;
    if report.usage_event_id is not null then
      decision.ids[report.index] := report.usage_event_id;
      decision.replayed_at[report.index] := report.recorded_at;
    elsif earlier is not null then
      decision.ids[report.index] := decision.ids[earlier];
      decision.replayed_at[report.index] := p_now;
    else
      decision.ids[report.index] := (prefix || substr(gen_random_uuid()::text, 16))::uuid;
      decision.booked[report.index] := true;
      settled := settled || report.reservation_id;
      holders[coalesce(report.first_of_id, report.index)] := report.index;
    end if;
  end loop;
  return decision;
end
$$;


CREATE FUNCTION public.decide_reservations(p_scopes public.scope_batch, p_requests public.request_batch, p_one_by_one boolean, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS public.decision_batch
    LANGUAGE plpgsql
    AS $$
declare
  prefix constant text := uuid_v7_prefix(p_now);
  decision decision_batch;
  barred boolean[];     -- not to be admitted, whatever the counters have left
  first_of_id integer[]; -- the first request with the same request id in the same organization; null without an id
  earlier integer[];
  first integer;
begin
  if not p_one_by_one then
    decision.ids := array(
      select (prefix || substr(gen_random_uuid()::text, 16))::uuid
      from generate_series(1, cardinality(p_requests.scope_indexes)));
    return decision;
  end if;

  select array_agg(r.id order by q.index), array_agg(r.id is not null order by q.index),
    array_agg(coalesce(p_scopes.errors[q.scope_index], case
      when r.api_key_id <> p_scopes.api_key_ids[q.scope_index] or r.fingerprint <> q.fingerprint then 'IDEMPOTENCY_MISMATCH'
    end) order by q.index),
    array_agg(p_scopes.errors[q.scope_index] is not null or p_scopes.denials[q.scope_index] is not null or r.id is not null
      order by q.index),
    array_agg(q.first_of_id order by q.index)
  into decision.ids, decision.replayed, decision.errors, barred, first_of_id
  from (
    select q.*, case
        when q.request_id <> '' then first_value(q.index) over (
          partition by p_scopes.organization_ids[q.scope_index], q.request_id order by q.index)
      end as first_of_id
    from unnest(p_requests.scope_indexes, p_requests.request_ids, p_requests.fingerprints)
      with ordinality q (scope_index, request_id, fingerprint, index)) q
  left join lateral (
    select r.id, r.api_key_id, r.fingerprint from reservations r
    where r.organization_id = p_scopes.organization_ids[q.scope_index] and r.request_id = nullif(q.request_id, '')
    limit 1) r on true;

  select a.admitted, a.earlier, a.counter_ids, a.counter_units, a.refused_requests, a.refused_counter_ids
  into decision.admitted, earlier, decision.counter_ids, decision.counter_units, decision.refused_requests,
    decision.refused_counter_ids
  from admit_requests(p_scopes, p_requests, barred, first_of_id, p_now, p_has_expired_holds) a;

  for i in 1 .. cardinality(p_requests.scope_indexes) loop
    if decision.admitted[i] then
      decision.ids[i] := (prefix || substr(gen_random_uuid()::text, 16))::uuid;
    elsif earlier[i] is not null and decision.errors[i] is null then
      first := earlier[i];
      decision.ids[i] := decision.ids[first];
      decision.replayed[i] := true;
      if p_requests.fingerprints[i] <> p_requests.fingerprints[first]
        or p_scopes.api_key_ids[p_requests.scope_indexes[i]] <> p_scopes.api_key_ids[p_requests.scope_indexes[first]] then
        decision.errors[i] := 'IDEMPOTENCY_MISMATCH';
      end if;
    end if;
  end loop;
  return decision;
end
$$;


CREATE FUNCTION public.delete_closed_reservations(p_keep interval, p_limit integer) RETURNS bigint
    LANGUAGE sql
    AS $$
  with over as materialized (
    select r.organization_id, r.id from reservations r
    where r.id < (uuid_v7_prefix(clock_timestamp() - p_keep) || repeat('0', 19))::uuid
      and r.closed_at < clock_timestamp() - p_keep
    order by r.id limit p_limit
    for update skip locked
  ), deleted as (
    delete from reservations r using over o where r.organization_id = o.organization_id and r.id = o.id
    returning r.organization_id, r.requests, r.counter_ids, r.period_numbers
  ), carried as (
    insert into dropped_charges as d (organization_id, counter_id, period_number, requests, tokens, cost_nanos)
    select c.organization_id, c.id, c.period_number, sum(r.requests), 0, 0
    from deleted r
    cross join unnest(r.counter_ids, r.period_numbers) q (counter_id, period_number)
    join counters c on c.organization_id = r.organization_id and c.id = q.counter_id and c.period_number = q.period_number
    where c.kind = 'RATE' and c.type = 'REQUESTS'
    group by 1, 2, 3
    on conflict (organization_id, counter_id, period_number) do update set requests = d.requests + excluded.requests
  )
  select count(*) from deleted
$$;


CREATE FUNCTION public.delete_limit(p_organization_id uuid, p_id uuid, p_kind public.limit_kind) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
  perform lock_organizations(array[p_organization_id]);
  delete from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = p_kind;
  return found;
end
$$;


CREATE FUNCTION public.denials_of(p_refused_requests integer[], p_refused_counter_ids uuid[], p_requests public.request_batch, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS TABLE(request_index integer, denials jsonb)
    LANGUAGE sql STABLE
    AS $$
  with refusing as materialized (
    select s.counter_id, s.id, s.kind, s.type, s.max_units, s.period_end, to_jsonb(s) as status
    from limit_statuses_at(p_now, p_has_expired_holds) s where s.counter_id = any (p_refused_counter_ids)
  )
  select q.request_index, jsonb_agg(
    jsonb_build_object(
      'reason', case
        when e.units > s.max_units then 'ESTIMATE_EXCEEDS_LIMIT'
        when s.kind = 'BUDGET' then 'BUDGET_EXHAUSTED'
        else 'RATE_LIMITED'
      end,
      'retry_at', case when e.units <= s.max_units then s.period_end end,
      'estimate_units', e.units,
      'limit', s.status)
    order by s.kind, s.id)
  from unnest(p_refused_requests, p_refused_counter_ids) q (request_index, counter_id)
  join refusing s on s.counter_id = q.counter_id
  cross join lateral (
    select units_of(s.type, (p_requests).requests[q.request_index], (p_requests).tokens[q.request_index],
      (p_requests).cost_nanos[q.request_index]) as units) e
  group by q.request_index
$$;


CREATE FUNCTION public.drop_usage_partition(p_keep_months integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    AS $_$
declare
  name text;
  month timestamptz;
  kept boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('create_usage_partitions', 0));
  select c.relname, to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC' into name, month
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'usage_events'::regclass and c.relname ~ '^usage_events_\d{4}_\d{2}$'
  order by c.relname limit 1;
  if name is null or period_end('MONTHLY', month)
    > ((coalesce(p_now, clock_timestamp()) at time zone 'UTC') - make_interval(months => p_keep_months)) at time zone 'UTC' then
    return null;
  end if;

  execute format('lock table %I in share mode', name); -- until the transaction ends no row is added to it
  execute format(
    'select exists (
       select from organizations o
       where exists (
         select from %I e
         where e.organization_id = o.id and e.position > coalesce(
           (select w.position from rollup_watermarks w where w.organization_id = o.id), 0)))', name) into kept;
  if kept or exists (
    select from reservations r where r.status = 'SETTLED' and r.closed_at < period_end('MONTHLY', month)) then
    return null;
  end if;

  execute format(
    'insert into dropped_usage_months as d (organization_id, month, requests, input_tokens, output_tokens,
       cached_input_tokens, cache_write_tokens, cost_nanos)
     select e.organization_id, %L, sum(e.requests), sum(e.input_tokens), sum(e.output_tokens), sum(e.cached_input_tokens),
       sum(e.cache_write_tokens), sum(e.cost_nanos)
     from %I e group by e.organization_id
     on conflict (organization_id, month) do update set
       requests = d.requests + excluded.requests,
       input_tokens = d.input_tokens + excluded.input_tokens,
       output_tokens = d.output_tokens + excluded.output_tokens,
       cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
       cache_write_tokens = d.cache_write_tokens + excluded.cache_write_tokens,
       cost_nanos = d.cost_nanos + excluded.cost_nanos', month, name);
  -- ended windows of rate limits and deleted limits have no counter to verify
  execute format(
    'insert into dropped_charges as d (organization_id, counter_id, period_number, requests, tokens, cost_nanos)
     select s.* from (
       select e.organization_id, c.counter_id, c.period_number, sum(e.counted_requests), sum(e.input_tokens + e.output_tokens),
         sum(e.cost_nanos)
       from %I e, unnest(e.counter_ids, e.period_numbers) c (counter_id, period_number)
       group by 1, 2, 3
       offset 0) s -- has_period is called once for each sum, and not for each row
     where has_period(s.organization_id, s.counter_id, s.period_number)
     on conflict (organization_id, counter_id, period_number) do update set
       requests = d.requests + excluded.requests,
       tokens = d.tokens + excluded.tokens,
       cost_nanos = d.cost_nanos + excluded.cost_nanos', name);

  for attempt in 1 .. 50 loop
    begin
      set local lock_timeout = '100ms'; -- requests wait behind this statement for at most this long
      execute format('drop table %I', name);
      exit;
    exception when lock_not_available then
      if attempt = 50 then
        raise;
      end if;
      perform pg_sleep(0.1);
    end;
  end loop;
  return name;
end
$_$;


CREATE FUNCTION public.expire_due_reservations(p_organization_ids uuid[], p_now timestamp with time zone, p_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
  organization uuid;
  swept record;
  has_expired_holds boolean := false;
begin
  for organization in
    select o.id
    from unnest(p_organization_ids) o (id)
    left join lateral (
      select s.swept_until from reservation_sweeps s where s.organization_id = o.id limit 1) s on true
    where o.id is not null and (
      s.swept_until is null or not s.swept_until between p_now - interval '10 seconds' and p_now
      or exists (
        select from reservations r
        where r.organization_id = o.id and r.status = 'HELD' and r.expires_at > s.swept_until and r.expires_at <= p_now))
  loop
    select * into swept from expire_reservations(organization, p_now, p_limit);
    -- Others may expire at the same instant as the last one, so the sweep ends before it. A clock that was set back starts again.
    insert into reservation_sweeps (organization_id, swept_until)
    values (organization, case when swept.number = p_limit then swept.last_expires_at - interval '1 microsecond' else p_now end)
    on conflict (organization_id) do update set swept_until = excluded.swept_until
    where swept.number = p_limit or not reservation_sweeps.swept_until between p_now - interval '10 seconds' and p_now;
    has_expired_holds := has_expired_holds or swept.number = p_limit;
  end loop;
  return has_expired_holds;
end
$$;


CREATE FUNCTION public.expire_reservations(p_organization_id uuid, p_now timestamp with time zone, p_limit integer, OUT number integer, OUT last_expires_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
  since timestamptz := swept_until(p_organization_id, p_now);
begin
  with overdue as materialized (
    select r.id, r.counter_ids, r.period_numbers, r.tokens, r.cost_nanos, r.expires_at
    from reservations r
    where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > since and r.expires_at <= p_now
    order by r.expires_at limit p_limit
  ), sums as materialized (
    select t.counter_id, t.period_number, sum(d.tokens) as tokens, sum(d.cost_nanos) as cost_nanos
    from overdue d, unnest(d.counter_ids, d.period_numbers) t (counter_id, period_number)
    group by t.counter_id, t.period_number
  ), current as (
    update counters c set
      reserved_units = c.reserved_units - case c.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else 0 end
    from sums s
    where c.id = s.counter_id and c.period_number = s.period_number
      and case c.type when 'COST' then s.cost_nanos when 'TOKENS' then s.tokens else 0 end > 0
  ), ended as (
    update budget_periods p set
      reserved_units = p.reserved_units - case p.type when 'COST' then s.cost_nanos else s.tokens end
    from sums s
    where p.organization_id = p_organization_id and p.counter_id = s.counter_id and p.period_number = s.period_number
  ), expired as (
    update reservations r set status = 'EXPIRED', closed_at = p_now
    from overdue d
    where r.id = d.id
    returning d.expires_at
  )
  select count(*), max(e.expires_at) into number, last_expires_at from expired e;
end
$$;


CREATE FUNCTION public.expired_holds(p_organization_ids uuid[], p_now timestamp with time zone) RETURNS TABLE(counter_id uuid, period_number integer, tokens numeric, cost_nanos numeric)
    LANGUAGE sql STABLE
    AS $$
  select h.counter_id, h.period_number, sum(r.tokens), sum(r.cost_nanos)
  from (select distinct o.id from unnest(p_organization_ids) o (id)) o
  join lateral (
    select r.* from reservations r
    where r.organization_id = o.id and r.status = 'HELD'
      and r.expires_at > swept_until(o.id, p_now) and r.expires_at <= p_now) r on true
  cross join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
  group by h.counter_id, h.period_number
$$;


CREATE TABLE public.counters (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    limit_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    subject_type public.subject_type NOT NULL,
    kind public.limit_kind NOT NULL,
    type public.limit_type NOT NULL,
    period public.limit_period NOT NULL,
    max_units bigint NOT NULL,
    alert_units bigint[] NOT NULL,
    generation integer NOT NULL,
    period_number integer DEFAULT 1 NOT NULL,
    period_start timestamp with time zone NOT NULL,
    period_end timestamp with time zone,
    closes_at timestamp with time zone GENERATED ALWAYS AS (
CASE
    WHEN (kind = 'BUDGET'::public.limit_kind) THEN period_end
    ELSE NULL::timestamp with time zone
END) STORED,
    used_units numeric DEFAULT 0 NOT NULL,
    reserved_units bigint DEFAULT 0 NOT NULL,
    alerted_units bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    exhaustion_alerted boolean DEFAULT false NOT NULL,
    CONSTRAINT counters_period_end_check CHECK ((((period = 'NONE'::public.limit_period) = (period_end IS NULL)) AND (period_start < period_end))),
    CONSTRAINT counters_reserved_units_check CHECK ((reserved_units >= 0)),
    CONSTRAINT counters_used_units_check CHECK ((used_units >= (0)::numeric))
)
WITH (fillfactor='50');


COMMENT ON COLUMN public.counters.max_units IS 'The limit''s, as are subject_id, subject_type, kind, type, period, alert_units and generation: copies that the function keep_counters keeps.';


COMMENT ON COLUMN public.counters.period_number IS 'Goes up by one with every period, window and generation; what reservations and ledger rows refer to.';


COMMENT ON COLUMN public.counters.period_start IS 'First instant of the current calendar period or window; the generation''s start when the period is NONE.';


COMMENT ON COLUMN public.counters.period_end IS 'First instant after it; null when the period is NONE. The first touch at or after it opens the next.';


COMMENT ON COLUMN public.counters.closes_at IS 'period_end of a budget, by which the reset job finds it; null for rate limits, and when the period is NONE.';


COMMENT ON COLUMN public.counters.used_units IS 'Settled in this period. Numeric: what is used is booked in full, whatever the sum.';


COMMENT ON COLUMN public.counters.reserved_units IS 'Held by open reservations of this period, those past their expiry included until they are swept.';


COMMENT ON COLUMN public.counters.alerted_units IS 'Thresholds that raised their alert in this period.';


COMMENT ON COLUMN public.counters.exhaustion_alerted IS 'Whether EXHAUSTED was raised in this period since the amount was last raised.';


CREATE FUNCTION public.expired_units(p_counter public.counters, p_now timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
  select coalesce(sum(units_of(p_counter.type, 0, r.tokens, r.cost_nanos)), 0)::bigint
  from reservations r
  join lateral unnest(r.counter_ids, r.period_numbers) h (counter_id, period_number)
    on h.counter_id = p_counter.id and h.period_number = p_counter.period_number
  where r.organization_id = p_counter.organization_id and r.status = 'HELD'
    and r.expires_at > swept_until(p_counter.organization_id, p_now) and r.expires_at <= p_now
$$;


CREATE FUNCTION public.explain_checks(p_scopes public.scope_batch, p_requests public.request_batch, p_refused integer[], p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS jsonb[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
  denials jsonb[];
  refusal record;
begin
  select array_agg(case
      when p_scopes.denials[q.scope_index] is not null
        then jsonb_build_array(jsonb_build_object('reason', p_scopes.denials[q.scope_index]))
    end order by q.index)
  into denials
  from unnest(p_requests.scope_indexes) with ordinality q (scope_index, index);
  for refusal in
    select d.* from (
      select array_agg(q.index) as indexes, array_agg(c.id) as counter_ids
      from counters_of_scopes(p_scopes, p_now, p_has_expired_holds) c
      join (
        select r.index, p_requests.scope_indexes[r.index] as scope_index from unnest(p_refused) r (index)
        where p_scopes.denials[p_requests.scope_indexes[r.index]] is null) q on q.scope_index = c.scope_index
      where c.room <= 0
        or units_of(c.type, p_requests.requests[q.index], p_requests.tokens[q.index], p_requests.cost_nanos[q.index]) > c.room) r
    cross join lateral denials_of(r.indexes, r.counter_ids, p_requests, p_now, p_has_expired_holds) d
  loop
    denials[refusal.request_index] := refusal.denials;
  end loop;
  return denials;
end
$$;


CREATE FUNCTION public.explain_refusals(p_scopes public.scope_batch, p_requests public.request_batch, p_decision public.decision_batch, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS jsonb[]
    LANGUAGE plpgsql
    AS $$
declare
  denials jsonb[];
  refusal record;
begin
  if p_decision.admitted is null then
    return null;
  end if;
  perform raise_alerts(c.organization_id, array_agg(distinct c.id), null, true, p_now)
  from unnest(p_decision.refused_requests, p_decision.refused_counter_ids) r (request_index, counter_id)
  join counters c on c.id = r.counter_id
  where units_of(c.type, p_requests.requests[r.request_index], p_requests.tokens[r.request_index],
    p_requests.cost_nanos[r.request_index]) <= c.max_units
  group by c.organization_id;

  select array_agg(case
      when q.id is null and q.error is null and p_scopes.denials[q.scope_index] is not null
        then jsonb_build_array(jsonb_build_object('reason', p_scopes.denials[q.scope_index]))
    end order by q.index)
  into denials
  from unnest(p_requests.scope_indexes, p_decision.ids, p_decision.errors) with ordinality q (scope_index, id, error, index);
  for refusal in
    select * from denials_of(p_decision.refused_requests, p_decision.refused_counter_ids, p_requests, p_now, p_has_expired_holds)
  loop
    denials[refusal.request_index] := refusal.denials;
  end loop;
  return denials;
end
$$;


CREATE FUNCTION public.extend_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_ttl_seconds integer[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  extended_at timestamptz;
  reservation reservations;
  answer usage_answers;
begin
  perform lock_organizations(array(
    select r.organization_id from unnest(p_organization_ids, p_reservation_ids) q (organization_id, reservation_id)
    cross join lateral ( -- one look-up a reservation: a join could read them all
      select r.organization_id from reservations r
      where r.id = q.reservation_id and q.organization_id in (none, r.organization_id) limit 1) r));
  extended_at := coalesce(p_now, clock_timestamp());

  for i in 1 .. cardinality(p_reservation_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := true;
    answer.decided_at := extended_at;
    answer.denials := '[]';
    answer.limits := '[]';
    select * into reservation from reservations r
    where r.id = p_reservation_ids[i] and p_organization_ids[i] in (none, r.organization_id);
    if reservation.id is null then
      answer.error := 'NOT_FOUND';
    elsif reservation.status <> 'HELD' or reservation.expires_at <= extended_at then
      answer.error := 'RESERVATION_CLOSED';
    else
      update reservations r
      set expires_at = greatest(r.expires_at, extended_at + make_interval(secs => p_ttl_seconds[i]))
      where r.organization_id = reservation.organization_id and r.id = reservation.id
      returning * into reservation;
      answer.api_key_id := reservation.api_key_id;
      answer.reservation := reservation_json(reservation, extended_at);
    end if;
    return next answer;
  end loop;
end
$$;


CREATE FUNCTION public.external_id(p_prefix text, p_id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select p_prefix || '_' || replace(p_id::text, '-', '')
$$;


CREATE FUNCTION public.find_api_key(p_organization_id uuid, p_secret_hash bytea, p_api_key_id uuid, p_now timestamp with time zone) RETURNS SETOF public.api_keys
    LANGUAGE sql STABLE
    AS $$
  select k.*
  from api_key_secrets s
  join api_keys k on k.organization_id = s.organization_id and k.id = s.api_key_id
  where s.secret_hash = p_secret_hash
    and (p_organization_id is null or s.organization_id = p_organization_id)
    and (s.transition_ends_at is null or s.transition_ends_at > p_now)
  union all
  select k.*
  from api_keys k
  where k.id = p_api_key_id
    and (p_organization_id is null or k.organization_id = p_organization_id)
  limit 1
$$;


CREATE TABLE public.ledger_differences (
    organization_id uuid NOT NULL,
    what text NOT NULL,
    subject text NOT NULL,
    stored numeric NOT NULL,
    expected numeric NOT NULL,
    CONSTRAINT ledger_differences_shape_check CHECK (false)
);


CREATE FUNCTION public.find_ledger_differences(p_organization_id uuid) RETURNS SETOF public.ledger_differences
    LANGUAGE sql STABLE
    AS $$
  with charges as materialized (
    select c.counter_id, c.period_number, sum(c.requests) as requests, sum(c.tokens) as tokens, sum(c.cost_nanos) as cost_nanos
    from (
      select c.counter_id, c.period_number, e.counted_requests as requests, e.input_tokens + e.output_tokens as tokens,
        e.cost_nanos
      from usage_events e, unnest(e.counter_ids, e.period_numbers) c (counter_id, period_number)
      where e.organization_id = p_organization_id
      union all
      select d.counter_id, d.period_number, d.requests, d.tokens, d.cost_nanos from dropped_charges d
      where d.organization_id = p_organization_id
    ) c
    group by 1, 2
  ), reserved as materialized (
    select c.counter_id, c.period_number, sum(r.requests) as requests,
      sum(r.tokens) filter (where r.status = 'HELD') as tokens,
      sum(r.cost_nanos) filter (where r.status = 'HELD') as cost_nanos
    from reservations r, unnest(r.counter_ids, r.period_numbers) c (counter_id, period_number)
    where r.organization_id = p_organization_id
    group by 1, 2
  ), periods as (
    select c.kind, c.type, c.id, c.limit_id, c.period_number, c.used_units, c.reserved_units from counters c
    where c.organization_id = p_organization_id
    union all
    select 'BUDGET', p.type, p.counter_id, p.budget_limit_id, p.period_number, p.used_units, p.reserved_units from budget_periods p
    where p.organization_id = p_organization_id
  ), compared as (
    select c.*,
      coalesce(case c.type when 'COST' then u.cost_nanos when 'TOKENS' then u.tokens else u.requests end, 0)
        + case c.type when 'REQUESTS' then coalesce(r.requests, 0) else 0 end as expected_used,
      coalesce(case c.type when 'COST' then r.cost_nanos when 'TOKENS' then r.tokens end, 0) as expected_reserved
    from periods c
    left join charges u on u.counter_id = c.id and u.period_number = c.period_number
    left join reserved r on r.counter_id = c.id and r.period_number = c.period_number
  ), ledger_days as materialized (
    select period_start('HOUR', e.recorded_at) as hour, e.api_key_id, e.provider, e.model, sum(e.requests) as requests,
      sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(e.cached_input_tokens) as cached_input_tokens, sum(e.cache_write_tokens) as cache_write_tokens,
      sum(e.cost_nanos) as cost_nanos
    from usage_events e
    where e.organization_id = p_organization_id and e.recorded_at >= (select ledger_begin())
      and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    group by 1, 2, 3, 4
  ), ledger_cells as (
    select 'usage_hours' as what, d.hour as bucket_start, d.api_key_id, d.provider, d.model, d.requests, d.input_tokens,
      d.output_tokens, d.cached_input_tokens, d.cache_write_tokens, d.cost_nanos
    from ledger_days d
    union all
    select 'usage_days', period_start('DAY', d.hour), d.api_key_id, d.provider, d.model, sum(d.requests),
      sum(d.input_tokens), sum(d.output_tokens), sum(d.cached_input_tokens), sum(d.cache_write_tokens), sum(d.cost_nanos)
    from ledger_days d group by 1, 2, 3, 4, 5
  ), stored_cells as (
    select 'usage_hours' as what, h.* from usage_hours h
    where h.organization_id = p_organization_id and h.bucket_start >= (select ledger_begin())
    union all
    select 'usage_days', d.* from usage_days d
    where d.organization_id = p_organization_id and d.bucket_start >= (select ledger_begin())
  )
  select p_organization_id, 'used of ' || c.kind || ' ' || c.type,
    external_id(case c.kind when 'BUDGET' then 'bud' else 'rat' end, c.limit_id) || ' period ' || c.period_number,
    c.used_units, c.expected_used
  from compared c where c.used_units <> c.expected_used
  union all
  select p_organization_id, 'reserved of ' || c.kind || ' ' || c.type,
    external_id(case c.kind when 'BUDGET' then 'bud' else 'rat' end, c.limit_id) || ' period ' || c.period_number,
    c.reserved_units, c.expected_reserved
  from compared c where c.reserved_units <> c.expected_reserved
  union all
  select p_organization_id, 'counter that follows ' || l.kind || ' ' || l.type,
    external_id(case l.kind when 'BUDGET' then 'bud' else 'rat' end, l.id), 0, 1
  from limits l
  left join counters c on c.organization_id = l.organization_id and c.limit_id = l.id
  where l.organization_id = p_organization_id
    and (c.subject_id, c.subject_type, c.kind, c.type, c.period, c.max_units, c.alert_units, c.generation)
      is distinct from (l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation)
  union all
  select p_organization_id, what || ' ' || v.measure,
    external_id('key', api_key_id) || ' ' || bucket_start || ' ' || provider || ' ' || model,
    coalesce(v.stored, 0), coalesce(v.expected, 0)
  from stored_cells s
  full join ledger_cells l using (what, bucket_start, api_key_id, provider, model)
  cross join lateral (values
    ('requests', s.requests, l.requests), ('input_tokens', s.input_tokens, l.input_tokens),
    ('output_tokens', s.output_tokens, l.output_tokens), ('cached_input_tokens', s.cached_input_tokens, l.cached_input_tokens),
    ('cache_write_tokens', s.cache_write_tokens, l.cache_write_tokens),
    ('cost_nanos', s.cost_nanos, l.cost_nanos)) v (measure, stored, expected)
  where coalesce(v.stored, 0) <> coalesce(v.expected, 0)
  union all
  select p_organization_id, 'ledger rows of a reservation', external_id('res', r.id), count(e.id),
    case r.status when 'SETTLED' then 1 else 0 end
  from reservations r
  left join usage_events e on e.organization_id = r.organization_id and e.reservation_id = r.id
  where r.organization_id = p_organization_id
  group by r.id, r.status
  having count(e.id) <> case r.status when 'SETTLED' then 1 else 0 end
$$;


CREATE FUNCTION public.find_reservations(p_organization_ids uuid[], p_scopes public.scope_batch, p_reports public.report_batch) RETURNS public.reservation_batch
    LANGUAGE plpgsql STABLE
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  reservations reservation_batch;
begin
  select array_agg(n.reservation), bool_and(n.is_open) and count(distinct n.id) = count(n.id), bool_or(n.is_unreserved)
  into reservations
  from (
    select r.id, q.reservation_id = none as is_unreserved,
      row(r.id, r.organization_id, r.workspace_id, r.api_key_id, r.status, r.requests, r.tokens, r.cost_nanos, r.counter_ids,
        r.period_numbers)::named_reservation as reservation,
      p_scopes.errors[q.scope_index] is null and case
        when q.reservation_id = none then p_scopes.api_key_ids[q.scope_index] is not null
        else coalesce(r.status in ('HELD', 'EXPIRED'), false)
      end as is_open
    from unnest(p_reports.scope_indexes, p_reports.reservation_ids) with ordinality q (scope_index, reservation_id, index)
    left join lateral (
      select * from reservations r
      where r.id = nullif(q.reservation_id, none) and p_organization_ids[q.scope_index] in (none, r.organization_id)
      limit 1) r on true
    order by q.index) n;
  return reservations;
end
$$;


CREATE FUNCTION public.find_rollup_differences(p_organization_id uuid) RETURNS SETOF public.ledger_differences
    LANGUAGE sql STABLE
    AS $$
  with cells as (
    select 'usage_workspace_hours' as what, u.bucket_start, u.workspace_id, u.provider, u.model, true as stored, u.requests,
      u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_workspace_hours u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_days', u.bucket_start, u.workspace_id, u.provider, u.model, true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_workspace_days u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_hours', u.bucket_start, u.workspace_id, u.provider, u.model, false, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_hours u where u.organization_id = p_organization_id
    union all
    select 'usage_workspace_days', u.bucket_start, u.workspace_id, u.provider, u.model, false, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_days u where u.organization_id = p_organization_id
    -- months whose ledger was dropped: hours and days of keys, compared with the dropped totals and rows in the default partition
    union all
    select 'usage_hours of a month', period_start('MONTHLY', u.bucket_start), null, '', '', true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_hours u where u.organization_id = p_organization_id and u.bucket_start < (select ledger_begin())
    union all
    select 'usage_days of a month', period_start('MONTHLY', u.bucket_start), null, '', '', true, u.requests, u.input_tokens,
      u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from usage_days u where u.organization_id = p_organization_id and u.bucket_start < (select ledger_begin())
    union all
    select w.what, l.month, null, '', '', false, l.requests, l.input_tokens, l.output_tokens, l.cached_input_tokens, l.cache_write_tokens,
      l.cost_nanos
    from (values ('usage_hours of a month'), ('usage_days of a month')) w (what)
    cross join (
      select m.month, m.requests, m.input_tokens, m.output_tokens, m.cached_input_tokens, m.cache_write_tokens, m.cost_nanos
      from dropped_usage_months m where m.organization_id = p_organization_id
      union all
      select period_start('MONTHLY', e.recorded_at), e.requests, e.input_tokens, e.output_tokens, e.cached_input_tokens,
        e.cache_write_tokens, e.cost_nanos
      from usage_events e
      where e.organization_id = p_organization_id and e.recorded_at < (select ledger_begin())
        and e.position <= (select w.position from rollup_watermarks w where w.organization_id = p_organization_id)
    ) l
  ), compared as (
    select c.what, c.bucket_start, c.workspace_id, c.provider, c.model, v.measure,
      coalesce(sum(v.units) filter (where c.stored), 0) as stored, coalesce(sum(v.units) filter (where not c.stored), 0) as expected
    from cells c
    cross join lateral (values
      ('requests', c.requests), ('input_tokens', c.input_tokens), ('output_tokens', c.output_tokens),
      ('cached_input_tokens', c.cached_input_tokens), ('cache_write_tokens', c.cache_write_tokens), ('cost_nanos', c.cost_nanos))
      v (measure, units)
    group by 1, 2, 3, 4, 5, 6
  )
  select p_organization_id, c.what || ' ' || c.measure,
    concat_ws(' ', external_id('ws', c.workspace_id), c.bucket_start, c.provider, c.model), c.stored, c.expected
  from compared c where c.stored <> c.expected
$$;


CREATE FUNCTION public.full_subjects_at(p_organization_id uuid, p_now timestamp with time zone) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    AS $$
  select s.subject_id
  from counters c
  cross join lateral (
    select * from limit_statuses_at(p_now) s where s.organization_id = c.organization_id and s.counter_id = c.id
    offset 0 -- keeps the planner from computing it for every limit and joining
  ) s
  where (p_organization_id is null or c.organization_id = p_organization_id)
    and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
    and s.used_units + s.reserved_units >= s.max_units
$$;


CREATE FUNCTION public.guard_owners(p_organization_id uuid, p_member_id uuid, p_role public.member_role, p_operator boolean, p_caller_id uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  concerned uuid := coalesce(p_organization_id, (select m.organization_id from members m where m.id = p_member_id));
begin
  perform lock_organizations(array[concerned]);
  if not p_operator
    and (p_role = 'OWNER' or exists (
      select from members m where m.organization_id = concerned and m.id = p_member_id and m.role = 'OWNER'))
    and not exists (
      select from members m where m.organization_id = concerned and m.id = p_caller_id and m.role = 'OWNER') then
    raise exception 'only an owner may do this to owners' using errcode = 'UB002';
  end if;
end
$$;


CREATE FUNCTION public.has_expired_holds(p_organization_ids uuid[], p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select exists (
    select from unnest(p_organization_ids) o (id)
    join lateral (
      select from reservations r
      where r.organization_id = o.id and r.status = 'HELD'
        and r.expires_at > swept_until(o.id, p_now) and r.expires_at <= p_now
      limit 1) r on true)
$$;


CREATE FUNCTION public.has_period(p_organization_id uuid, p_counter_id uuid, p_period_number integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select exists (
      select from counters c
      where c.organization_id = p_organization_id and c.id = p_counter_id and c.period_number = p_period_number)
    or exists (
      select from budget_periods p
      where p.organization_id = p_organization_id and p.counter_id = p_counter_id and p.period_number = p_period_number)
$$;


CREATE FUNCTION public.hold_reservations(p_scopes public.scope_batch, p_requests public.request_batch, p_charges public.charged_counters[], p_decision public.decision_batch, p_ttl_seconds integer[], p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens,
    cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
  select p_scopes.organization_ids[q.scope_index], q.id, p_scopes.api_key_ids[q.scope_index],
    p_scopes.workspace_ids[q.scope_index], nullif(q.request_id, ''), q.fingerprint, q.requests, q.tokens, q.cost_nanos,
    (p_charges[q.scope_index]).counter_ids, (p_charges[q.scope_index]).period_numbers, p_now,
    p_now + make_interval(secs => q.ttl_seconds)
  from unnest(p_requests.scope_indexes, p_decision.ids, p_decision.admitted, p_requests.request_ids, p_requests.fingerprints,
      p_requests.requests, p_requests.tokens, p_requests.cost_nanos, p_ttl_seconds)
    q (scope_index, id, admitted, request_id, fingerprint, requests, tokens, cost_nanos, ttl_seconds)
  where q.admitted is not false;
end
$$;


CREATE FUNCTION public.keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform lock_organizations(array[old.organization_id]);
  if exists (select from organizations o where o.id = old.organization_id)
    and not exists (select from members m where m.organization_id = old.organization_id and m.role = 'OWNER') then
    raise exception 'organization % would have no owner', old.organization_id
      using errcode = 'check_violation', table = 'members', constraint = 'members_last_owner_check';
  end if;
  return null;
end
$$;


CREATE FUNCTION public.keep_counters() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if tg_op = 'INSERT' then
    insert into counters (organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
      period_start, period_end)
    values (new.organization_id, new.id, new.subject_id, new.subject_type, new.kind, new.type, new.period, new.max_units,
      new.alert_units, new.generation, coalesce(period_start(new.period, new.generation_started_at), new.generation_started_at),
      period_end(new.period, new.generation_started_at));
  elsif tg_op = 'DELETE' then
    delete from counters c where c.organization_id = old.organization_id and c.limit_id = old.id;
  elsif new.generation <> old.generation then
    perform begin_generation(new);
  elsif (new.kind, new.type, new.period) <> (old.kind, old.type, old.period) then
    raise exception 'another kind, type or period of a limit starts a new generation: change generation as well'
      using errcode = 'check_violation', table = 'limits', constraint = 'limits_generation_check';
  else
    update counters c set
      subject_id = new.subject_id,
      subject_type = new.subject_type,
      max_units = new.max_units,
      alert_units = new.alert_units,
      exhaustion_alerted = c.exhaustion_alerted and new.max_units <= c.max_units
    where c.organization_id = new.organization_id and c.limit_id = new.id;
  end if;
  return null;
end
$$;


CREATE FUNCTION public.ledger_begin() RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
  select coalesce(period_end('MONTHLY', (select max(m.month) from dropped_usage_months m)), '-infinity')
$$;


CREATE FUNCTION public.limit_statuses_at(p_now timestamp with time zone, p_has_expired_holds boolean DEFAULT true) RETURNS SETOF public.limit_statuses
    LANGUAGE sql STABLE
    AS $$
  select
    c.organization_id,
    c.limit_id,
    c.subject_type,
    c.subject_id,
    c.kind,
    c.type,
    c.period,
    c.max_units,
    c.alert_units,
    case when p_now >= c.period_end then 0 else c.used_units end,
    case
      when p_now >= c.period_end or c.reserved_units = 0 then 0
      when p_has_expired_holds then c.reserved_units - expired_units(c, p_now)
      else c.reserved_units
    end::bigint,
    c.generation,
    c.period_number,
    case when p_now >= c.period_end then period_start(c.period, p_now) else c.period_start end,
    case when p_now >= c.period_end then period_end(c.period, p_now) else c.period_end end,
    c.id
  from counters c
$$;


CREATE FUNCTION public.limits_of_reports_json(p_scopes public.scope_batch, p_scope_indexes integer[], p_reservations public.reservation_batch, p_now timestamp with time zone) RETURNS jsonb[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
  charged scope_batch;
begin
  select array_agg(coalesce(q.organization_id, p_scopes.organization_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.workspace_id, p_scopes.workspace_ids[q.scope_index]) order by q.index),
    array_agg(coalesce(q.api_key_id, p_scopes.api_key_ids[q.scope_index]) order by q.index)
  into charged.organization_ids, charged.workspace_ids, charged.api_key_ids
  from unnest(p_scope_indexes, p_reservations.of_reports)
    with ordinality q (scope_index, found_id, organization_id, workspace_id, api_key_id, status, held_requests, held_tokens,
      held_cost_nanos, counter_ids, period_numbers, index);
  return limits_of_scopes_json(charged, p_now,
    has_expired_holds(array(select distinct unnest(charged.organization_ids)), p_now));
end
$$;


CREATE FUNCTION public.limits_of_scopes_json(p_scopes public.scope_batch, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS jsonb[]
    LANGUAGE sql STABLE
    AS $$
  with applicable as materialized (
    select c.scope_index, c.id from counters_of_scopes(p_scopes, p_now, false) c
  ), shown as materialized (
    select s.counter_id, s.id, s.subject_type, s.kind, to_jsonb(s) as status
    from limit_statuses_at(p_now, p_has_expired_holds) s where s.counter_id = any (array(select a.id from applicable a))
  )
  select array_agg(s.statuses order by n.index)
  from generate_series(1, cardinality((p_scopes).organization_ids)) n (index)
  left join (
    select a.scope_index, jsonb_agg(s.status order by s.subject_type, s.kind, s.id) as statuses
    from applicable a join shown s on s.counter_id = a.id
    group by a.scope_index) s on s.scope_index = n.index
$$;


CREATE FUNCTION public.lock_organizations(p_organization_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  perform 1 from organizations o where o.id = any (p_organization_ids) order by o.id for no key update;
end
$$;


CREATE FUNCTION public.lock_reports(p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if none <> all (p_organization_ids) then
    perform lock_organizations(p_organization_ids);
    return;
  end if;
  perform lock_organizations(array(
    select coalesce(nullif(p_organization_ids[q.scope_index], none),
      (select r.organization_id from reservations r where r.id = nullif(q.reservation_id, none) limit 1),
      (select k.organization_id
       from find_api_key(null, nullif(p_secret_hashes[q.scope_index], ''), nullif(p_api_key_ids[q.scope_index], none), '-infinity') k))
    from unnest(p_scope_indexes, p_reservation_ids) q (scope_index, reservation_id)));
end
$$;


CREATE FUNCTION public.lock_scopes(p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  organizations uuid[];
begin
  organizations := array(
    select distinct coalesce(nullif(q.organization_id, none), (
      select k.organization_id
      from find_api_key(null, nullif(q.secret_hash, ''), nullif(q.api_key_id, none), '-infinity') k))
    from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids) q (organization_id, secret_hash, api_key_id));
  perform lock_organizations(organizations);
  return organizations;
end
$$;


CREATE FUNCTION public.match_limit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op in ('INSERT', 'UPDATE') and not exists (
      select from limits l
      where l.organization_id = new.organization_id and l.id = new.limit_id
        and (l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation)
          = (new.subject_id, new.subject_type, new.kind, new.type, new.period, new.max_units, new.alert_units, new.generation))
    or tg_op in ('UPDATE', 'DELETE') and exists (
      select from limits l
      where l.organization_id = old.organization_id and l.id = old.limit_id and not exists (
        select from counters c where c.organization_id = l.organization_id and c.limit_id = l.id))
    or tg_op = 'TRUNCATE' then
    raise exception 'counters are made, changed and deleted with their limits'
      using errcode = 'check_violation', table = 'counters', constraint = 'counters_limit_check';
  end if;
  return null;
end
$$;


CREATE FUNCTION public.measure_demand(p_scopes public.scope_batch, p_requests public.request_batch, p_now timestamp with time zone, p_has_expired_holds boolean) RETURNS public.demand_batch
    LANGUAGE plpgsql
    AS $$
declare
  scope_indexes constant integer[] := p_requests.scope_indexes;
  -- what the requests of each scope ask for together
  requests numeric[] := array_fill(0::numeric, array[cardinality(p_scopes.organization_ids)]);
  tokens numeric[] := requests;
  cost_nanos numeric[] := requests;
  scope integer;
  demand demand_batch;
  budget_ended boolean;
  swept_fully boolean := false;
begin
  for i in 1 .. cardinality(scope_indexes) loop
    scope := scope_indexes[i];
    requests[scope] := requests[scope] + p_requests.requests[i];
    tokens[scope] := tokens[scope] + p_requests.tokens[i];
    cost_nanos[scope] := cost_nanos[scope] + p_requests.cost_nanos[i];
  end loop;
  loop
    -- no statement joins arrays to arrays: the planner takes every array for ten elements, and may compare each to each
    with applicable as materialized (
      select * from counters_of_scopes(p_scopes, p_now, false)
    ), counters as (
      select a.id, a.ctid, a.kind, max(a.room) as room, coalesce(bool_or(a.ended), false) as ended,
        sum(case a.type
          when 'COST' then cost_nanos[a.scope_index]
          when 'TOKENS' then tokens[a.scope_index]
          else requests[a.scope_index]
        end) as units
      from applicable a group by a.id, a.ctid, a.kind
    ), charges as (
      select a.scope_index,
        row(array_agg(a.id), array_agg(a.period_number + (a.ended and a.kind = 'RATE')::integer))::charged_counters as charge
      from applicable a group by a.scope_index
    )
    select c.ids, c.ctids, c.units, c.opens_window, c.changes, s.charges, c.all_fit, c.budget_ended
    into demand.counter_ids, demand.ctids, demand.units, demand.opens_window, demand.changes, demand.charges, demand.all_fit,
      budget_ended
    from (
      select array_agg(c.id) as ids, array_agg(c.ctid) as ctids, array_agg(c.units) as units,
        array_agg(c.ended) as opens_window, count(*) filter (where c.units > 0 or c.ended) as changes,
        coalesce(bool_and(c.units < c.room), true) as all_fit,
        bool_or(c.ended and c.kind = 'BUDGET') as budget_ended
      from counters c) c
    cross join (
      select array_agg(coalesce(c.charge, row('{}', '{}')::charged_counters) order by n.index) as charges
      from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
      left join charges c on c.scope_index = n.index) s;
    if budget_ended then
      perform roll_subjects(p_scopes.organization_ids, p_scopes.workspace_ids, p_scopes.api_key_ids, p_now);
    elsif p_has_expired_holds and not demand.all_fit and not swept_fully then
      p_has_expired_holds := expire_due_reservations(array(select distinct unnest(p_scopes.organization_ids)), p_now, 50000);
      swept_fully := true;
    else
      demand.has_expired_holds := p_has_expired_holds;
      return demand;
    end if;
  end loop;
end
$$;


CREATE FUNCTION public.note_last_use(p_scopes public.scope_batch, p_scope_indexes integer[], p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  if p_scopes.stale_last_used is null then
    return;
  end if;
  update api_keys k set last_used_at = p_now
  from (
    select distinct p_scopes.organization_ids[q.index] as organization_id, p_scopes.api_key_ids[q.index] as id
    from unnest(p_scope_indexes) q (index)
    where q.index = any (p_scopes.stale_last_used)) q
  where k.organization_id = q.organization_id and k.id = q.id;
end
$$;


CREATE FUNCTION public.notify_mail_due() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from queued) then
    perform pg_notify('bursar_mail_due', '');
  end if;
  return null;
end
$$;


CREATE FUNCTION public.owes_alerts(p_used_units numeric, p_max_units bigint, p_alert_units bigint[], p_alerted_units bigint[], p_exhaustion_alerted boolean) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select (not p_exhaustion_alerted and p_used_units >= p_max_units)
    or not p_alert_units[1:width_bucket(least(p_used_units, 9223372036854775807)::bigint, p_alert_units)] <@ p_alerted_units
$$;


CREATE FUNCTION public.period_end(period public.limit_period, at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select ((period_start(period, at) at time zone 'UTC') + period_length(period)) at time zone 'UTC'
$$;


CREATE FUNCTION public.period_length(period public.limit_period) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case period
    when 'WEEKLY' then interval '7 days'
    when 'MONTHLY' then interval '1 month'
    when 'MINUTE' then interval '1 minute'
    when 'HOUR' then interval '1 hour'
    when 'DAY' then interval '1 day'
  end
$$;


CREATE FUNCTION public.period_start(period public.limit_period, at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case period
    when 'WEEKLY' then (date_trunc('week', (at at time zone 'UTC') + interval '1 day') - interval '1 day') at time zone 'UTC'
    when 'MONTHLY' then date_trunc('month', at at time zone 'UTC') at time zone 'UTC'
    when 'MINUTE' then date_trunc('minute', at at time zone 'UTC') at time zone 'UTC'
    when 'HOUR' then date_trunc('hour', at at time zone 'UTC') at time zone 'UTC'
    when 'DAY' then date_trunc('day', at at time zone 'UTC') at time zone 'UTC'
  end
$$;


CREATE FUNCTION public.presented_email() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select lower(current_setting('bursar.email', true))
$$;


CREATE FUNCTION public.presented_token_hash() RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select decode(current_setting('bursar.access_token_hash', true), 'hex')
$$;


CREATE FUNCTION public.raise_alerts(p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_denied boolean, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  budget record;
  thresholds bigint[];
  exhausted boolean;
  mailed_id uuid;
  raised integer := 0;
begin
  for budget in
    select c.id as counter_id, c.limit_id, c.subject_id, case c.subject_type when 'WORKSPACE' then c.subject_id end as workspace_id,
      case c.subject_type when 'API_KEY' then c.subject_id end as api_key_id, b.*
    from unnest(p_counter_ids, p_period_numbers) q (counter_id, period_number)
    cross join lateral ( -- one look-up for each counter: a join could read all of the organization's counters
      select * from counters c where c.organization_id = p_organization_id and c.id = q.counter_id and c.kind = 'BUDGET' offset 0
    ) c
    join lateral (
      select c.period_number, c.generation, c.type, c.period, c.period_start, c.period_end, c.max_units, c.alert_units,
        c.used_units, c.alerted_units, c.exhaustion_alerted
      where c.period_number = coalesce(q.period_number, c.period_number)
      union all
      select p.period_number, p.generation, p.type, p.period, p.period_start, p.period_end, p.max_units, p.alert_units,
        p.used_units, p.alerted_units, p.exhaustion_alerted
      from budget_periods p
      where p.organization_id = p_organization_id and p.counter_id = c.id and p.period_number = q.period_number
    ) b on true
    where (not b.exhaustion_alerted and (p_denied or b.used_units >= b.max_units))
      or exists (select from unnest(b.alert_units) a (units) where a.units <= b.used_units and a.units <> all (b.alerted_units))
    order by c.limit_id
  loop
    thresholds := array(
      select a.units from unnest(budget.alert_units) a (units)
      where a.units <= budget.used_units and a.units <> all (budget.alerted_units)
      order by a.units);
    exhausted := not budget.exhaustion_alerted and (p_denied or budget.used_units >= budget.max_units);

    -- uuid_v7 sorts by creation to the millisecond only, so the highest is found by its threshold; null is EXHAUSTED
    with recorded as (
      insert into alerts (organization_id, budget_limit_id, workspace_id, api_key_id, kind, type, period, threshold_units,
        max_units, used_units, generation, period_number, period_start, period_end, raised_at)
      select p_organization_id, budget.limit_id, budget.workspace_id, budget.api_key_id,
        case when a.units is null then 'EXHAUSTED' else 'THRESHOLD' end::alert_kind, budget.type, budget.period, a.units,
        budget.max_units, budget.used_units, budget.generation, budget.period_number, budget.period_start,
        budget.period_end, p_now
      from unnest(case when exhausted then thresholds || null::bigint else thresholds end) a (units)
      returning id, threshold_units
    )
    select r.id into mailed_id from recorded r order by r.threshold_units desc nulls first limit 1;

    insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
    select p_organization_id, mailed_id, lower(r.email), r.email, p_now, p_now
    from recipients_of(array[p_organization_id], array[budget.subject_id]) r
    where not exists (
      select from api_keys k
      where k.organization_id = p_organization_id and k.id = budget.api_key_id and not k.email_notifications);

    update counters c set
      alerted_units = c.alerted_units || thresholds, exhaustion_alerted = c.exhaustion_alerted or exhausted
    where c.organization_id = p_organization_id and c.id = budget.counter_id and c.period_number = budget.period_number;
    update budget_periods p set
      alerted_units = p.alerted_units || thresholds, exhaustion_alerted = p.exhaustion_alerted or exhausted
    where p.organization_id = p_organization_id and p.counter_id = budget.counter_id
      and p.period_number = budget.period_number;
    raised := raised + cardinality(thresholds) + exhausted::integer;
  end loop;
  return raised;
end
$$;


CREATE FUNCTION public.raise_reset_notices(p_organization_id uuid, p_budget_limit_ids uuid[], p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql
    AS $$
  with over as materialized (
    select a.id as alert_id
    from counters c
    join lateral (
      select p.period_number, p.period_end, p.generation from budget_periods p
      where p.organization_id = c.organization_id and p.counter_id = c.id and p.exhaustion_alerted
      order by p.period_number desc limit 1
    ) e on e.generation = c.generation and e.period_end <= p_now and e.period_end > p_now - interval '31 days'
    join lateral (
      select s.id, s.raised_at, s.reset_notified_at from alerts s
      where s.organization_id = c.organization_id and s.subject_id = c.subject_id and s.budget_limit_id = c.limit_id
        and s.period_number = e.period_number and s.kind = 'EXHAUSTED'
      order by s.id desc limit 1
    ) a on a.reset_notified_at is null and a.raised_at < e.period_end
    where c.organization_id = p_organization_id and c.limit_id = any (p_budget_limit_ids) and c.kind = 'BUDGET'
      and not c.exhaustion_alerted and c.used_units < c.max_units
  ), marked as (
    update alerts a set reset_notified_at = p_now
    from over o
    where a.organization_id = p_organization_id and a.id = o.alert_id and a.reset_notified_at is null
    returning a.id, a.subject_id, a.api_key_id
  ), queued as (
    insert into alert_deliveries (organization_id, alert_id, purpose, address, email, queued_at, next_attempt_at)
    select p_organization_id, m.id, 'RESET', lower(r.email), r.email, p_now, p_now
    from recipients_of(
      (select array_agg(p_organization_id) from (select distinct subject_id from marked) s),
      (select array_agg(s.subject_id) from (select distinct subject_id from marked) s)) r
    join marked m on m.subject_id = r.subject_id
    where not exists (
      select from api_keys k
      where k.organization_id = p_organization_id and k.id = m.api_key_id and not k.email_notifications)
    returning alert_id
  )
  select count(distinct q.alert_id)::integer from queued q
$$;


CREATE FUNCTION public.rebuild_rollups(p_organization_id uuid) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
  rolled_up bigint;
  beginning timestamptz;
begin
  lock table usage_events in access share mode; -- until the transaction ends no partition is dropped
  select w.position into rolled_up from rollup_watermarks w where w.organization_id = p_organization_id for update;
  beginning := ledger_begin();
  delete from usage_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  perform add_usage(p_organization_id, 0, rolled_up, beginning);
  return (select count(*) from usage_hours u where u.organization_id = p_organization_id);
end
$$;


CREATE TABLE public.subject_recipients (
    subject_id uuid NOT NULL,
    email text NOT NULL,
    source public.recipient_source NOT NULL,
    suppressed_at timestamp with time zone,
    suppressed_reason public.suppression_reason,
    CONSTRAINT subject_recipients_shape_check CHECK (false)
);


CREATE FUNCTION public.recipients_of(p_organization_ids uuid[], p_subject_ids uuid[]) RETURNS SETOF public.subject_recipients
    LANGUAGE sql STABLE
    AS $$
  select distinct on (c.subject_id, lower(c.email)) c.subject_id, c.email, c.source, a.suppressed_at, a.reason
  from (
    select s.organization_id, s.subject_id, m.email, m.role::text::recipient_source as source
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join members m on m.organization_id = s.organization_id and m.role in ('OWNER', 'ADMIN')
    union all
    select s.organization_id, s.subject_id, m.email, 'CREATOR'
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join api_keys k on k.organization_id = s.organization_id and k.id = s.subject_id
    join members m on m.organization_id = k.organization_id and m.id = k.created_by_id
    union all
    select s.organization_id, s.subject_id, r.email, 'ADDED'
    from unnest(p_organization_ids, p_subject_ids) s (organization_id, subject_id)
    join recipients r on r.organization_id = s.organization_id and r.subject_id = s.subject_id
  ) c
  left join suppressed_addresses a on a.organization_id = c.organization_id and a.address = lower(c.email)
  order by c.subject_id, lower(c.email), c.source
$$;


CREATE FUNCTION public.record_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[], p_request_ids text[], p_fingerprints bytea[], p_quantities bigint[], p_cost_nanos bigint[], p_labels text[], p_occurred_at timestamp with time zone[], p_skip_limits boolean[] DEFAULT NULL::boolean[], p_ids_only boolean[] DEFAULT NULL::boolean[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  booked_at timestamptz;
  scopes scope_batch;
  reports report_batch;
  reservations reservation_batch;
  charges charged_counters[];
  one_by_one boolean;
  decision report_decision_batch;
  owed owed_alert_batch;
  limits jsonb[];
begin
  -- lock
  perform lock_reports(p_organization_ids, p_secret_hashes, p_api_key_ids, p_scope_indexes, p_reservation_ids);
  booked_at := coalesce(p_now, clock_timestamp());

  scopes := resolve_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, booked_at);
  reports := row(p_scope_indexes, p_reservation_ids, p_request_ids, p_fingerprints, p_quantities, p_cost_nanos, p_labels,
    p_occurred_at);
  reservations := find_reservations(p_organization_ids, scopes, reports);
  if reservations.any_unreserved then
    charges := current_charges(scopes, booked_at);
  end if;

  one_by_one := not reservations.all_open;
  loop
    begin
      decision := decide_reports(scopes, reports, reservations, one_by_one, booked_at);
      owed := book_usage(scopes, reports, reservations, charges, decision, booked_at);
      exit;
    exception when unique_violation then
      if one_by_one then
        raise;
      end if;
      one_by_one := true;
    end;
  end loop;
  if owed.counter_ids is not null then
    perform raise_alerts(o.organization_id, array_agg(o.counter_id), array_agg(o.period_number), false, booked_at)
    from unnest(owed.organization_ids, owed.counter_ids, owed.period_numbers) o (organization_id, counter_id, period_number)
    group by o.organization_id;
  end if;

  -- answer
  if reservations.any_unreserved and scopes.stale_last_used is not null then
    perform note_last_use(scopes, array(
      select q.scope_index from unnest(p_scope_indexes, p_reservation_ids, decision.booked) q (scope_index, reservation_id, booked)
      where q.reservation_id = none and q.booked is not false), booked_at);
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    limits := limits_of_reports_json(scopes, p_scope_indexes, reservations, booked_at);
  end if;
  return query select * from answer_reports(
    scopes, p_scope_indexes, reservations, decision, limits, p_skip_limits, p_ids_only, booked_at);
end
$$;


CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_table_name <> 'audit_log' and current_setting('bursar.moving_usage_events', true) = 'on' then
    if tg_op = 'DELETE' then
      return old;
    end if;
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;


CREATE FUNCTION public.refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is audited row by row: delete its rows instead', tg_table_name using errcode = 'restrict_violation';
end
$$;


CREATE FUNCTION public.release_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  released_at timestamptz;
  reservation reservations;
  answer usage_answers;
begin
  perform lock_organizations(array(
    select r.organization_id from unnest(p_organization_ids, p_reservation_ids) q (organization_id, reservation_id)
    cross join lateral ( -- one look-up a reservation: a join could read them all
      select r.organization_id from reservations r
      where r.id = q.reservation_id and q.organization_id in (none, r.organization_id) limit 1) r));
  released_at := coalesce(p_now, clock_timestamp());

  for i in 1 .. cardinality(p_reservation_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := true;
    answer.decided_at := released_at;
    answer.denials := '[]';
    answer.limits := '[]';
    select * into reservation from reservations r
    where r.id = p_reservation_ids[i] and p_organization_ids[i] in (none, r.organization_id);
    if reservation.id is null then
      answer.error := 'NOT_FOUND';
    else
      if reservation.status = 'HELD' then
        reservation := close_reservation(reservation,
          case when reservation.expires_at <= released_at then 'EXPIRED' else 'RELEASED' end::reservation_status, released_at);
      end if;
      answer.api_key_id := reservation.api_key_id;
      answer.reservation := reservation_json(reservation, released_at);
    end if;
    return next answer;
  end loop;
end
$$;


CREATE FUNCTION public.require_governance(p_organization_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
begin
  if not exists (
    select from organizations o
    where o.id = p_organization_id and (o.plan = 'ENTERPRISE' or (o.plan = 'PRO' and o.governance_enabled))) then
    raise exception 'organization % has no governance', p_organization_id using errcode = 'UB001';
  end if;
end
$$;


CREATE FUNCTION public.reservation_json(p_reservation public.reservations, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
  select to_jsonb(p_reservation) - 'fingerprint' || case
    when p_reservation.status = 'HELD' and p_reservation.expires_at <= p_now then '{"status": "EXPIRED"}'::jsonb
    else '{}'
  end
$$;


CREATE FUNCTION public.reservations_at(p_now timestamp with time zone) RETURNS SETOF public.reservations
    LANGUAGE sql STABLE
    AS $$
  select r.organization_id, r.id, r.api_key_id, r.workspace_id, r.request_id, r.fingerprint,
    case when r.status = 'HELD' and r.expires_at <= p_now then 'EXPIRED' else r.status end,
    r.requests, r.tokens, r.cost_nanos, r.counter_ids, r.period_numbers, r.admitted_at, r.expires_at,
    case when r.status = 'HELD' and r.expires_at <= p_now then r.expires_at else r.closed_at end
  from reservations r
$$;


CREATE FUNCTION public.reserve_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[] DEFAULT NULL::boolean[], p_ids_only boolean[] DEFAULT NULL::boolean[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.usage_answers
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  organization_ids uuid[];
  decided_at timestamptz;
  has_expired_holds boolean;
  scopes scope_batch;
  requests request_batch;
  demand demand_batch;
  one_by_one boolean;
  decision decision_batch;
  denials jsonb[];
  limits jsonb[];
begin
  -- lock
  organization_ids := lock_scopes(p_organization_ids, p_secret_hashes, p_api_key_ids);
  decided_at := coalesce(p_now, clock_timestamp());
  has_expired_holds := expire_due_reservations(organization_ids, decided_at, 1000);

  scopes := resolve_scopes(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids, decided_at);
  requests := row(p_scope_indexes, p_request_ids, p_fingerprints, p_requests, p_tokens, p_cost_nanos);

  -- A price step belongs here: it would turn quantities into requests.cost_nanos by the price of each scope's model. There
  -- are no prices: gateways report dollars.

  demand := measure_demand(scopes, requests, decided_at, has_expired_holds);
  one_by_one := not (demand.all_fit and scopes.all_usable);
  loop
    begin
      decision := decide_reservations(scopes, requests, one_by_one, decided_at, demand.has_expired_holds);
      perform charge_demand(demand, decision, decided_at);
      perform hold_reservations(scopes, requests, demand.charges, decision, p_ttl_seconds, decided_at);
      exit;
    exception when unique_violation then
      if one_by_one then
        raise;
      end if;
      one_by_one := true;
    end;
  end loop;
  if one_by_one then
    denials := explain_refusals(scopes, requests, decision, decided_at, demand.has_expired_holds);
  end if;

  -- answer
  if scopes.stale_last_used is not null then
    perform note_last_use(scopes, array(
      select q.scope_index from unnest(p_scope_indexes, decision.admitted) q (scope_index, admitted)
      where q.admitted is not false), decided_at);
  end if;
  if p_skip_limits is null or false = any (p_skip_limits) then
    limits := limits_of_scopes_json(scopes, decided_at, demand.has_expired_holds);
  end if;
  return query select * from answer_reservations(
    scopes, p_scope_indexes, decision, denials, limits, p_skip_limits, p_ids_only, decided_at);
end
$$;


CREATE FUNCTION public.reset_budget_limit(p_organization_id uuid, p_id uuid, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.limit_statuses
    LANGUAGE plpgsql
    AS $$
declare
  reset_at timestamptz;
  budget limits;
begin
  perform lock_organizations(array[p_organization_id]);
  reset_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET';
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  perform roll_counters(p_organization_id, array[budget.subject_id], reset_at);
  update limits l set generation = l.generation + 1, generation_started_at = reset_at
  where l.organization_id = p_organization_id and l.id = p_id;
  return query select * from limit_statuses_at(reset_at) s where s.organization_id = p_organization_id and s.id = p_id;
end
$$;


CREATE FUNCTION public.resolve_scopes(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_now timestamp with time zone) RETURNS public.scope_batch
    LANGUAGE plpgsql STABLE
    AS $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  scopes scope_batch;
begin
  with unusable as materialized (
    select q.id
    from (select distinct * from unnest(p_access_token_ids, p_organization_ids)) q (id, organization_id)
    where q.id <> none and not exists (
      select from access_tokens t
      where t.organization_id = q.organization_id and t.id = q.id and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > p_now))
  )
  select array_agg(s.organization_id), array_agg(s.workspace_id), array_agg(s.api_key_id),
    array_agg(s.error), array_agg(s.denial), array_agg(s.index::integer) filter (where s.is_stale),
    bool_and(s.error is null and s.denial is null)
  into scopes
  from (
    select q.index, case when q.access_token_id in (select u.id from unusable u) then 'UNAUTHENTICATED' end as error,
      k.organization_id, k.workspace_id, k.id as api_key_id, api_key_denial(k, p_now) as denial,
      k.last_used_at is null or k.last_used_at < p_now - interval '1 minute' as is_stale
    from unnest(p_access_token_ids, p_organization_ids, p_secret_hashes, p_api_key_ids)
      with ordinality q (access_token_id, organization_id, secret_hash, api_key_id, index)
    left join lateral find_api_key(
      nullif(q.organization_id, none), nullif(q.secret_hash, ''), nullif(q.api_key_id, none), p_now) k on true
    order by q.index) s;
  if scopes.all_usable then -- arrays of nulls alone, which would be walked through for each element
    scopes.errors := null;
    scopes.denials := null;
  end if;
  return scopes;
end
$$;


CREATE FUNCTION public.revoke_orphaned_token() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.revoked_at := coalesce(new.revoked_at, clock_timestamp());
  return new;
end
$$;


CREATE FUNCTION public.river_job_state_in_bitmask(bitmask bit, state public.river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;


CREATE FUNCTION public.roll_counters(p_organization_id uuid, p_subject_ids uuid[], p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  rolled integer;
begin
  if not exists (
    select from counters c
    where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids) and c.period_end <= p_now) then
    return 0;
  end if;

  insert into budget_periods (organization_id, counter_id, budget_limit_id, period_number, generation, type, period, period_start,
    period_end, max_units, alert_units, used_units, reserved_units, alerted_units, exhaustion_alerted)
  select
    c.organization_id, c.id, c.limit_id, c.period_number + e.skipped, c.generation, c.type, c.period, e.started,
    period_end(c.period, e.started), c.max_units, c.alert_units,
    case e.skipped when 0 then c.used_units else 0 end,
    case e.skipped when 0 then c.reserved_units else 0 end,
    case e.skipped when 0 then c.alerted_units else '{}' end,
    e.skipped = 0 and c.exhaustion_alerted
  from counters c
  cross join lateral (
    select g.started at time zone 'UTC' as started, (g.number - 1)::integer as skipped
    from generate_series(
      c.period_start at time zone 'UTC',
      (period_start(c.period, p_now) at time zone 'UTC') - interval '1 microsecond',
      period_length(c.period)) with ordinality g (started, number)
  ) e
  where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids)
    and c.kind = 'BUDGET' and c.period_end <= p_now;

  update counters c set
    period_number = c.period_number + case c.kind
      when 'RATE' then 1
      else (
        select count(*) from budget_periods p
        where p.organization_id = c.organization_id and p.counter_id = c.id and p.period_number >= c.period_number)
    end,
    period_start = period_start(c.period, p_now),
    period_end = period_end(c.period, p_now),
    used_units = 0,
    reserved_units = 0,
    alerted_units = '{}',
    exhaustion_alerted = false
  where c.organization_id = p_organization_id and c.subject_id = any (p_subject_ids) and c.period_end <= p_now;
  get diagnostics rolled = row_count;
  return rolled;
end
$$;


CREATE FUNCTION public.roll_subjects(p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  organization uuid;
begin
  for organization in
    select distinct c.organization_id
    from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids) q (organization_id, workspace_id, api_key_id)
    join counters c on c.organization_id = q.organization_id
      and c.subject_id = any (array[q.organization_id, q.workspace_id, q.api_key_id])
    where c.period_end <= p_now
  loop
    perform roll_counters(organization, array[organization] || p_workspace_ids || p_api_key_ids, p_now);
  end loop;
end
$$;


CREATE FUNCTION public.roll_up_usage(p_organization_id uuid, p_limit integer) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
  first bigint;
  last bigint;
  added bigint;
begin
  insert into rollup_watermarks (organization_id, position, rolled_up_at)
  values (p_organization_id, 0, clock_timestamp()) on conflict do nothing;
  select w.position into first from rollup_watermarks w where w.organization_id = p_organization_id for update;
  select max(t.position), count(*) into last, added
  from (
    select e.position from usage_events e
    where e.organization_id = p_organization_id and e.position > first
    order by e.position limit p_limit) t;
  if added > 0 then
    perform add_usage(p_organization_id, first, last, '-infinity');
    update rollup_watermarks w set position = last, rolled_up_at = clock_timestamp()
    where w.organization_id = p_organization_id;
  end if;
  return added;
end
$$;


CREATE FUNCTION public.rolled_up_usage(p_organization_id uuid, p_api_key_id uuid, p_first timestamp with time zone, p_last timestamp with time zone, p_hours boolean, p_keys boolean) RETURNS TABLE(bucket_start timestamp with time zone, api_key_id uuid, workspace_id uuid, provider text, model text, requests numeric, input_tokens numeric, output_tokens numeric, cached_input_tokens numeric, cache_write_tokens numeric, cost_nanos numeric)
    LANGUAGE sql STABLE
    AS $$
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
  from usage_hours u
  where p_hours and p_keys and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
    and (p_api_key_id is null or u.api_key_id = p_api_key_id)
  union all
  select u.bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
  from usage_days u
  where not p_hours and p_keys and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
    and (p_api_key_id is null or u.api_key_id = p_api_key_id)
  union all
  select u.bucket_start, null, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
  from usage_workspace_hours u
  where p_hours and not p_keys and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
  union all
  select u.bucket_start, null, u.workspace_id, u.provider, u.model, u.requests, u.input_tokens, u.output_tokens,
    u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
  from usage_workspace_days u
  where not p_hours and not p_keys and u.organization_id = p_organization_id and u.bucket_start >= p_first and u.bucket_start < p_last
$$;


CREATE FUNCTION public.rotate_api_key(p_organization_id uuid, p_id uuid, p_secret_hash bytea, p_prefix text, p_transition_seconds integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
  rotated_at timestamptz;
  ends_at timestamptz;
begin
  perform lock_organizations(array[p_organization_id]);
  rotated_at := coalesce(p_now, clock_timestamp());
  ends_at := rotated_at + make_interval(secs => p_transition_seconds);
  update api_keys k set prefix = p_prefix
  where k.organization_id = p_organization_id and k.id = p_id and k.revoked_at is null;
  if not found then
    return null;
  end if;
  delete from api_key_secrets s
  where s.organization_id = p_organization_id and s.api_key_id = p_id
    and (s.transition_ends_at is not null or p_transition_seconds = 0);
  update api_key_secrets s set transition_ends_at = ends_at
  where s.organization_id = p_organization_id and s.api_key_id = p_id;
  insert into api_key_secrets (organization_id, api_key_id, secret_hash, created_at)
  values (p_organization_id, p_id, p_secret_hash, rotated_at);
  return ends_at;
end
$$;


CREATE FUNCTION public.split_mail_call(p_call_id uuid, p_attempted_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  whole mail_calls;
  half integer;
  first_id uuid := uuid_v7();
  second_id uuid := uuid_v7();
begin
  select * into whole from mail_calls c where c.id = p_call_id and c.attempted_at = p_attempted_at for update;
  if not found then
    return 0;
  end if;
  insert into mail_calls (id, attempts, next_attempt_at, last_error)
  select n.id, whole.attempts, clock_timestamp(), whole.last_error from unnest(array[first_id, second_id]) n (id);
  select (count(*) + 1) / 2 into half from mails m where m.call_id = p_call_id;
  update mails m set call_id = case when o.number <= half then first_id else second_id end
  from (
    select s.organization_id, s.id, row_number() over (order by s.position) as number from mails s where s.call_id = p_call_id
  ) o
  where m.organization_id = o.organization_id and m.id = o.id;
  delete from mail_calls c where c.id = p_call_id;
  return 2;
end
$$;


CREATE FUNCTION public.subjects_of(p_api_key public.api_keys) RETURNS uuid[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select array_remove(array[p_api_key.organization_id, p_api_key.workspace_id, p_api_key.id], null)
$$;


CREATE FUNCTION public.sweep_reservations(p_organization_id uuid, p_limit integer, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
begin
  perform lock_organizations(array[p_organization_id]);
  return (select e.number from expire_reservations(p_organization_id, coalesce(p_now, clock_timestamp()), p_limit) e);
end
$$;


CREATE FUNCTION public.swept_until(p_organization_id uuid, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
begin
  return coalesce((
    select s.swept_until from reservation_sweeps s
    where s.organization_id = p_organization_id and s.swept_until <= p_now), '-infinity');
end
$$;


CREATE FUNCTION public.throttle(p_share real) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
  worked double precision; -- seconds since the last delay of this statement, or since it began
begin
  if p_share is null or clock_timestamp() > statement_timestamp() + interval '3 seconds' then
    return true;
  end if;
  worked := extract(epoch from clock_timestamp() - greatest(
    nullif(current_setting('bursar.throttled_at', true), '')::timestamptz, statement_timestamp()));
  if worked > 0.005 then
    perform pg_sleep(least(0.25, worked * (1 / p_share - 1)));
    perform set_config('bursar.throttled_at', clock_timestamp()::text, true);
  end if;
  return true;
end
$$;


CREATE FUNCTION public.units_of(p_type public.limit_type, p_requests bigint, p_tokens bigint, p_cost_nanos bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case p_type when 'COST' then p_cost_nanos when 'TOKENS' then p_tokens else p_requests end
$$;


CREATE FUNCTION public.update_budget_limit(p_organization_id uuid, p_id uuid, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.limit_statuses
    LANGUAGE plpgsql
    AS $$
declare
  updated_at timestamptz;
  budget limits;
  starts_anew boolean;
begin
  perform lock_organizations(array[p_organization_id]);
  updated_at := coalesce(p_now, clock_timestamp());
  select * into budget from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'BUDGET';
  if budget.id is null then
    return;
  end if;
  perform require_governance(p_organization_id);
  perform roll_counters(p_organization_id, array[budget.subject_id], updated_at);

  starts_anew := coalesce(p_type, budget.type) <> budget.type or coalesce(p_period, budget.period) <> budget.period;
  update limits l set
    type = coalesce(p_type, l.type),
    period = coalesce(p_period, l.period),
    max_units = coalesce(p_max_units, l.max_units),
    alert_units = case
      when p_alert_units is null then l.alert_units
      else array(select distinct a.units from unnest(p_alert_units) a (units) order by a.units)
    end,
    generation = l.generation + starts_anew::integer,
    generation_started_at = case when starts_anew then updated_at else l.generation_started_at end
  where l.organization_id = p_organization_id and l.id = p_id;
  perform raise_alerts(p_organization_id,
    array(select c.id from counters c where c.organization_id = p_organization_id and c.limit_id = p_id), null, false, updated_at);
  return query select * from limit_statuses_at(updated_at) s where s.organization_id = p_organization_id and s.id = p_id;
end
$$;


CREATE FUNCTION public.update_rate_limit(p_organization_id uuid, p_id uuid, p_max_units bigint, p_now timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS SETOF public.limit_statuses
    LANGUAGE plpgsql
    AS $$
begin
  perform lock_organizations(array[p_organization_id]);
  if not exists (select from limits l where l.organization_id = p_organization_id and l.id = p_id and l.kind = 'RATE') then
    return;
  end if;
  perform require_governance(p_organization_id);
  update limits l set max_units = p_max_units where l.organization_id = p_organization_id and l.id = p_id;
  return query
    select * from limit_statuses_at(coalesce(p_now, clock_timestamp())) s
    where s.organization_id = p_organization_id and s.id = p_id;
end
$$;


CREATE FUNCTION public.usage_bucket_end(p_interval public.usage_interval, p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select period_end(
    (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period, p_at)
$$;


CREATE FUNCTION public.usage_bucket_start(p_interval public.usage_interval, p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select period_start(
    (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period, p_at)
$$;


CREATE TABLE public.usage_buckets (
    api_key_id uuid,
    workspace_id uuid,
    provider text NOT NULL,
    model text NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    bucket_end timestamp with time zone NOT NULL,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric NOT NULL,
    cost_nanos numeric NOT NULL,
    CONSTRAINT usage_buckets_shape_check CHECK (false)
);


CREATE FUNCTION public.usage_of(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_models text[], p_providers text[], p_interval public.usage_interval, p_dimensions public.usage_dimension[], p_most integer DEFAULT NULL::integer, p_share real DEFAULT NULL::real) RETURNS SETOF public.usage_buckets
    LANGUAGE sql STABLE
    SET jit TO 'off'
    SET enable_sort TO 'off'
    SET work_mem TO '32MB'
    AS $$
  with bounds as (
    select
      '00000000-0000-0000-0000-000000000000'::uuid as none,
      -- the interval as period_start takes it: usage_bucket_start would be a call for each row, period_start is inlined
      (case p_interval when 'WEEK' then 'WEEKLY' when 'MONTH' then 'MONTHLY' else p_interval::text end)::limit_period as period,
      usage_bucket_start(p_interval, p_from) as first,
      usage_bucket_end(p_interval, p_to - interval '1 microsecond') as last
  ), watermark as (
    select coalesce((select w.position from rollup_watermarks w where w.organization_id = p_organization_id), 0) as position
  ), buckets as (
    select g.started at time zone 'UTC' as bucket_start
    from bounds b, generate_series(
      b.first at time zone 'UTC', (b.last at time zone 'UTC') - interval '1 microsecond',
      (usage_bucket_end(p_interval, b.first) at time zone 'UTC') - (b.first at time zone 'UTC')) g (started)
    where p_interval <> 'MONTH'
    union all
    select g.started at time zone 'UTC'
    from bounds b, generate_series(
      b.first at time zone 'UTC', (b.last at time zone 'UTC') - interval '1 microsecond', interval '1 month') g (started)
    where p_interval = 'MONTH'
  ), rolled_up as (
    select min(u.bucket_start) as first, max(u.bucket_start) as last
    from usage_workspace_days u where u.organization_id = p_organization_id
  ), days as ( -- within what is rolled up, because a report may ask for centuries; none if nothing is rolled up
    select greatest(b.first, g.day at time zone 'UTC') as first, least(b.last, (g.day + interval '1 day') at time zone 'UTC') as last
    from bounds b, rolled_up r, generate_series(
      case when r.first is not null then greatest(date_trunc('day', b.first at time zone 'UTC'), r.first at time zone 'UTC') end,
      least((b.last at time zone 'UTC') - interval '1 microsecond', r.last at time zone 'UTC'), interval '1 day') g (day)
  ), sample as ( -- the series of one day: if they are too many already, no other day is read
    select distinct
      case when 'API_KEY' = any (p_dimensions) then u.api_key_id end, case when 'WORKSPACE' = any (p_dimensions) then u.workspace_id end,
      case when 'PROVIDER' = any (p_dimensions) then u.provider end, case when 'MODEL' = any (p_dimensions) then u.model end
    from (select d.first, d.last from days d order by d.first desc offset 1 limit 1) d
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_id, d.first, d.last, p_interval = 'HOUR', true) u
    where 'API_KEY' = any (p_dimensions)
      and (p_workspace_id is null or u.workspace_id = p_workspace_id)
      and (p_models is null or u.model = any (p_models))
      and (p_providers is null or u.provider = any (p_providers))
  ), slices as ( -- the days, each with its bucket; null for hours, where each row has its own
    select d.first, d.last, case when p_interval <> 'HOUR' then period_start(b.period, d.first) end as bucket_start
    from days d, bounds b
    where (select bound_buckets((select count(*) from sample) * (select count(*) from buckets), p_most)) and throttle(p_share)
  ), rows as (
    select coalesce(s.bucket_start, u.bucket_start) as bucket_start, u.api_key_id, u.workspace_id, u.provider, u.model, u.requests,
      u.input_tokens, u.output_tokens, u.cached_input_tokens, u.cache_write_tokens, u.cost_nanos
    from slices s
    cross join lateral rolled_up_usage(p_organization_id, p_api_key_id, s.first, s.last, p_interval = 'HOUR',
      p_api_key_id is not null or 'API_KEY' = any (p_dimensions)) u
    union all
    select period_start(b.period, e.recorded_at), e.api_key_id, e.workspace_id, e.provider, e.model, e.requests, e.input_tokens,
      e.output_tokens, e.cached_input_tokens, e.cache_write_tokens, e.cost_nanos
    from bounds b, usage_events e
    -- Scalar subqueries are run first, so that their results can be index conditions. The upper bound excludes nothing: with
    -- two bounds the planner estimates few rows and uses the index of positions.
    where e.organization_id = p_organization_id and e.position > (select w.position from watermark w)
      and e.position <= 9223372036854775807
      and e.recorded_at >= (select b.first from bounds b) and e.recorded_at < (select b.last from bounds b)
  ), sums as (
    select
      -- the zero id and not null, which cannot be hashed in the join below
      case when 'API_KEY' = any (p_dimensions) then r.api_key_id else b.none end as api_key_id,
      case when 'WORKSPACE' = any (p_dimensions) then coalesce(r.workspace_id, b.none) else b.none end as workspace_id,
      case when 'PROVIDER' = any (p_dimensions) then r.provider else '' end as provider,
      case when 'MODEL' = any (p_dimensions) then r.model else '' end as model,
      r.bucket_start,
      sum(r.requests) as requests,
      sum(r.input_tokens) as input_tokens,
      sum(r.output_tokens) as output_tokens,
      sum(r.cached_input_tokens) as cached_input_tokens,
      sum(r.cache_write_tokens) as cache_write_tokens,
      sum(r.cost_nanos) as cost_nanos
    from rows r, bounds b
    where (p_workspace_id is null or r.workspace_id = p_workspace_id)
      and (p_api_key_id is null or r.api_key_id = p_api_key_id)
      and (p_models is null or r.model = any (p_models))
      and (p_providers is null or r.provider = any (p_providers))
    group by 1, 2, 3, 4, 5
  ), series as (
    select distinct s.api_key_id, s.workspace_id, s.provider, s.model from sums s
    union
    select b.none, b.none, '', '' from bounds b where cardinality(p_dimensions) = 0
  ), cells as (
    select s.api_key_id, s.workspace_id, s.provider, s.model, b.bucket_start
    from series s cross join buckets b
    where (select bound_buckets((select count(*) from series) * (select count(*) from buckets), p_most))
  )
  select
    nullif(s.api_key_id, n.none), nullif(s.workspace_id, n.none), s.provider, s.model, s.bucket_start,
    period_end(n.period, s.bucket_start), coalesce(u.requests, 0), coalesce(u.input_tokens, 0),
    coalesce(u.output_tokens, 0), coalesce(u.cached_input_tokens, 0), coalesce(u.cache_write_tokens, 0),
    coalesce(u.cost_nanos, 0)
  from cells s
  cross join bounds n
  left join sums u on u.api_key_id = s.api_key_id and u.workspace_id = s.workspace_id
    and u.provider = s.provider and u.model = s.model and u.bucket_start = s.bucket_start
  order by nullif(s.workspace_id, n.none) nulls first, s.api_key_id, s.provider, s.model, s.bucket_start
$$;


CREATE FUNCTION public.uuid_v7_prefix(p_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7'
$$;


CREATE FUNCTION public.write_audit_log() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  prefix text;
  row_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  row_after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  any_row jsonb := coalesce(row_after, row_before);
  replaced boolean := tg_op = 'UPDATE' and (row_before ->> 'token_hash' <> row_after ->> 'token_hash'
    or row_before ->> 'secret_hash' <> row_after ->> 'secret_hash');
  used numeric;
begin
  if tg_table_name = 'api_key_secrets' and tg_op = 'DELETE'
    and (row_before ->> 'transition_ends_at')::timestamptz <= clock_timestamp() then
    return null;
  end if;
  prefix := case tg_table_name
    when 'organizations' then 'org'
    when 'workspaces' then 'ws'
    when 'members' then 'mem'
    when 'access_tokens' then 'tok'
    when 'api_keys' then 'key'
    when 'api_key_secrets' then 'key'
    when 'suppressed_addresses' then 'org'
    when 'limits' then case any_row ->> 'kind' when 'BUDGET' then 'bud' else 'rat' end
    when 'recipients' then case
      when any_row ->> 'api_key_id' is not null then 'key'
      when any_row ->> 'workspace_id' is not null then 'ws'
      else 'org'
    end
  end;
  if tg_table_name = 'limits' then
    used := coalesce((
      select sum(c.used_units) from counters c
      where c.organization_id = (any_row ->> 'organization_id')::uuid and c.limit_id = (any_row ->> 'id')::uuid), 0);
    row_before := row_before || jsonb_build_object('used_units', used);
    row_after := row_after || jsonb_build_object(
      'used_units', case when row_after ->> 'generation' = row_before ->> 'generation' then used else 0 end);
  end if;
  row_before := audit_json(row_before, prefix);
  row_after := audit_json(row_after, prefix);
  if replaced then
    row_after := row_after || '{"secretReplaced": true}';
  end if;
  if row_before is not distinct from row_after then
    return null;
  end if;
  insert into audit_log (organization_id, action, actor, target_type, target_id, before, after, request_id, reason)
  values (
    coalesce(any_row ->> 'organization_id', any_row ->> 'id')::uuid,
    coalesce(nullif(current_setting('bursar.action', true), ''), lower(tg_op) || ' ' || tg_table_name),
    coalesce(nullif(current_setting('bursar.actor', true), ''), 'sql:' || session_user),
    prefix,
    coalesce(any_row ->> 'id', any_row ->> 'subject_id', any_row ->> 'api_key_id', any_row ->> 'organization_id')::uuid,
    row_before,
    row_after,
    nullif(current_setting('bursar.request_id', true), ''),
    nullif(current_setting('bursar.reason', true), ''));
  return null;
end
$$;


CREATE TABLE public.access_tokens (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    member_id uuid,
    name text NOT NULL,
    role public.token_role NOT NULL,
    prefix text NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT access_tokens_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT access_tokens_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT access_tokens_owner_check CHECK (((role <> 'OWNER'::public.token_role) OR (member_id IS NOT NULL) OR (revoked_at IS NOT NULL))),
    CONSTRAINT access_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);


COMMENT ON COLUMN public.access_tokens.token_hash IS 'SHA-256 of the token; the token itself is shown once and never stored.';


CREATE TABLE public.alert_deliveries (
    organization_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    purpose public.delivery_purpose DEFAULT 'ALERT'::public.delivery_purpose NOT NULL,
    address text NOT NULL,
    email text NOT NULL,
    status public.delivery_status DEFAULT 'QUEUED'::public.delivery_status NOT NULL,
    status_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    mail_id uuid,
    provider_id text,
    queued_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    first_attempt_at timestamp with time zone,
    sent_at timestamp with time zone
);


COMMENT ON COLUMN public.alert_deliveries.status_at IS 'Since when it has its status; kept by the trigger alert_deliveries_status_at.';


COMMENT ON COLUMN public.alert_deliveries.mail_id IS 'The mail that carries it, written before the mail is sent; null while it waits. Stays when the mail is gone, since the provider''s events name it.';


COMMENT ON COLUMN public.alert_deliveries.next_attempt_at IS 'Not tried before; a worker that claims the row pushes it ahead, so that a killed worker''s mail is tried again.';


COMMENT ON COLUMN public.alert_deliveries.first_attempt_at IS 'From here on the mail is tried for a day: however long it waited before, the first failure is not the last.';


CREATE TABLE public.alerts (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    budget_limit_id uuid NOT NULL,
    workspace_id uuid,
    api_key_id uuid,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(api_key_id, workspace_id, organization_id)) STORED NOT NULL,
    kind public.alert_kind NOT NULL,
    type public.limit_type NOT NULL,
    period public.limit_period NOT NULL,
    threshold_units bigint,
    max_units bigint NOT NULL,
    used_units numeric NOT NULL,
    generation integer NOT NULL,
    period_number integer NOT NULL,
    period_start timestamp with time zone NOT NULL,
    period_end timestamp with time zone,
    raised_at timestamp with time zone NOT NULL,
    reset_notified_at timestamp with time zone,
    CONSTRAINT alerts_threshold_units_check CHECK (((kind = 'THRESHOLD'::public.alert_kind) = (threshold_units IS NOT NULL)))
);


COMMENT ON TABLE public.alerts IS 'Kept when the budget is deleted, so there is no foreign key to limits.';


COMMENT ON COLUMN public.alerts.max_units IS 'The amount of the budget when the alert was raised.';


COMMENT ON COLUMN public.alerts.reset_notified_at IS 'When the mail was queued that the budget of an EXHAUSTED alert has reset; set once, so that nobody is told of a reset twice.';


CREATE TABLE public.api_key_secrets (
    organization_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    transition_ends_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT api_key_secrets_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);


COMMENT ON COLUMN public.api_key_secrets.secret_hash IS 'SHA-256 of the secret; the secret itself is shown once and never stored.';


COMMENT ON COLUMN public.api_key_secrets.transition_ends_at IS 'The first instant at which a rotated secret names nothing; null for the current secret.';


CREATE TABLE public.audit_log (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    target_type text NOT NULL,
    target_id uuid NOT NULL,
    before jsonb,
    after jsonb,
    request_id text,
    reason text,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


COMMENT ON COLUMN public.audit_log.actor IS 'root, a token''s or a member''s id, a job''s name, or sql:ROLE for a change made behind the server''s back.';


CREATE TABLE public.dropped_charges (
    organization_id uuid NOT NULL,
    counter_id uuid NOT NULL,
    period_number integer NOT NULL,
    requests numeric NOT NULL,
    tokens numeric NOT NULL,
    cost_nanos numeric NOT NULL
);


CREATE TABLE public.dropped_usage_months (
    organization_id uuid NOT NULL,
    month timestamp with time zone NOT NULL,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric DEFAULT 0 NOT NULL,
    cost_nanos numeric NOT NULL
);


COMMENT ON COLUMN public.dropped_usage_months.month IS 'First instant of the month, UTC.';


CREATE TABLE public.goose_db_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.goose_db_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.goose_db_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.jobs (
    kind text NOT NULL,
    queue text NOT NULL,
    schedule text NOT NULL,
    next_run_at timestamp with time zone NOT NULL,
    state public.job_state,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    error text,
    last_succeeded_at timestamp with time zone,
    runs bigint DEFAULT 0 NOT NULL,
    failures bigint DEFAULT 0 NOT NULL,
    CONSTRAINT jobs_error_check CHECK (((error IS NULL) OR (state = ANY (ARRAY['FAILED'::public.job_state, 'INTERRUPTED'::public.job_state])))),
    CONSTRAINT jobs_finished_at_check CHECK ((((state IS NULL) OR (state = 'RUNNING'::public.job_state)) = (finished_at IS NULL))),
    CONSTRAINT jobs_started_at_check CHECK (((state IS NULL) = (started_at IS NULL)))
)
WITH (fillfactor='50');


COMMENT ON COLUMN public.jobs.schedule IS 'When it runs, in words.';


COMMENT ON COLUMN public.jobs.next_run_at IS 'When it is next enqueued, or looked at for anything to do.';


COMMENT ON COLUMN public.jobs.state IS 'Of the last run; null before the first. One that stays RUNNING was killed or is stuck.';


COMMENT ON COLUMN public.jobs.runs IS 'Runs that ended, whichever way; failures are those of them that failed.';


CREATE TABLE public.mail_calls (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    attempted_at timestamp with time zone,
    uncertain_since timestamp with time zone,
    next_attempt_at timestamp with time zone NOT NULL,
    last_error text
);


COMMENT ON COLUMN public.mail_calls.attempted_at IS 'When the last attempt began; whoever notes a failure of another attempt changes nothing.';


COMMENT ON COLUMN public.mail_calls.uncertain_since IS 'The first attempt that the provider may have accepted; it forgets the key a day after that.';


CREATE TABLE public.mail_pace (
    id boolean DEFAULT true NOT NULL,
    next_call_at timestamp with time zone NOT NULL,
    CONSTRAINT mail_pace_id_check CHECK (id)
);


CREATE TABLE public.mails (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    call_id uuid NOT NULL,
    "position" integer NOT NULL,
    message jsonb NOT NULL
);


COMMENT ON COLUMN public.mails.message IS 'As it is sent, whatever has become of names, templates and recipients since.';


CREATE TABLE public.members (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    email text NOT NULL,
    name text,
    role public.member_role NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT members_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254))),
    CONSTRAINT members_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))
);


CREATE TABLE public.organizations (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    plan public.plan NOT NULL,
    governance_enabled boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT organizations_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT organizations_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);


COMMENT ON COLUMN public.organizations.governance_enabled IS 'Whether the operator opened governance to a PRO organization; it decides nothing for FREE and ENTERPRISE.';


CREATE TABLE public.outbox_mails (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    idempotency_key text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    html text NOT NULL,
    text text NOT NULL,
    sent_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


CREATE TABLE public.recipients (
    organization_id uuid NOT NULL,
    workspace_id uuid,
    api_key_id uuid,
    subject_id uuid GENERATED ALWAYS AS (COALESCE(api_key_id, workspace_id, organization_id)) STORED NOT NULL,
    email text NOT NULL,
    address text GENERATED ALWAYS AS (lower(email)) STORED NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT recipients_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254))),
    CONSTRAINT recipients_subject_check CHECK ((num_nonnulls(workspace_id, api_key_id) <= 1))
);


COMMENT ON COLUMN public.recipients.address IS 'The e-mail address in lower case: two that differ in case are one recipient.';


CREATE TABLE public.reservation_sweeps (
    organization_id uuid NOT NULL,
    swept_until timestamp with time zone NOT NULL
)
WITH (fillfactor='50');


CREATE TABLE public.river_job (
    id bigint NOT NULL,
    state public.river_job_state DEFAULT 'available'::public.river_job_state NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    attempted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finalized_at timestamp with time zone,
    scheduled_at timestamp with time zone DEFAULT now() NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    args jsonb NOT NULL,
    attempted_by text[],
    errors jsonb[],
    kind text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    tags character varying(255)[] DEFAULT '{}'::character varying[] NOT NULL,
    unique_key bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK ((((finalized_at IS NULL) AND (state <> ALL (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))) OR ((finalized_at IS NOT NULL) AND (state = ANY (ARRAY['cancelled'::public.river_job_state, 'completed'::public.river_job_state, 'discarded'::public.river_job_state]))))),
    CONSTRAINT kind_length CHECK (((char_length(kind) > 0) AND (char_length(kind) < 128))),
    CONSTRAINT max_attempts_is_positive CHECK ((max_attempts > 0)),
    CONSTRAINT priority_in_range CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT queue_length CHECK (((char_length(queue) > 0) AND (char_length(queue) < 128)))
);


CREATE SEQUENCE public.river_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.river_job_id_seq OWNED BY public.river_job.id;


CREATE UNLOGGED TABLE public.river_leader (
    elected_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leader_id text NOT NULL,
    name text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT leader_id_length CHECK (((char_length(leader_id) > 0) AND (char_length(leader_id) < 128))),
    CONSTRAINT name_length CHECK ((name = 'default'::text))
);


CREATE TABLE public.river_migration (
    line text NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT line_length CHECK (((char_length(line) > 0) AND (char_length(line) < 128))),
    CONSTRAINT version_gte_1 CHECK ((version >= 1))
);


CREATE TABLE public.river_notification (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (((length(topic) > 0) AND (length(topic) < 128)))
);


CREATE SEQUENCE public.river_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.river_notification_id_seq OWNED BY public.river_notification.id;


CREATE TABLE public.river_queue (
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    paused_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


CREATE TABLE public.rollup_watermarks (
    organization_id uuid NOT NULL,
    "position" bigint NOT NULL,
    rolled_up_at timestamp with time zone NOT NULL
);


COMMENT ON COLUMN public.rollup_watermarks."position" IS 'The last ledger position that usage_hours and usage_days contain.';


CREATE TABLE public.schema_objects (
    kind text NOT NULL,
    identity text NOT NULL,
    hash text NOT NULL,
    release integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT schema_objects_kind_check CHECK ((kind = ANY (ARRAY['FUNCTION'::text, 'TRIGGER'::text, 'POLICY'::text])))
);


COMMENT ON COLUMN public.schema_objects.identity IS 'A function with the types of its arguments, as regprocedure shows it; a trigger or a policy with its table: NAME on TABLE.';


COMMENT ON COLUMN public.schema_objects.hash IS 'SHA-256 of the statement that made it, without comments outside of literals.';


COMMENT ON COLUMN public.schema_objects.release IS 'The number of the release that made it as it is.';


CREATE TABLE public.schema_release (
    id boolean DEFAULT true NOT NULL,
    number integer NOT NULL,
    oldest integer NOT NULL,
    fingerprint text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT schema_release_id_check CHECK (id)
);


COMMENT ON COLUMN public.schema_release.number IS 'Goes up by one with the first change of the schema after a release.';


COMMENT ON COLUMN public.schema_release.oldest IS 'The oldest release whose servers work on this schema. An upgrade to a schema that closes servers out raises it before it changes anything.';


COMMENT ON COLUMN public.schema_release.fingerprint IS 'SHA-256 of the names of the migrations and of the text of everything that upgrades make again.';


CREATE TABLE public.suppressed_addresses (
    organization_id uuid NOT NULL,
    address text NOT NULL,
    reason public.suppression_reason NOT NULL,
    detail text,
    suppressed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT suppressed_addresses_address_check CHECK ((address = lower(address)))
);


COMMENT ON COLUMN public.suppressed_addresses.detail IS 'What the recipient''s server said; null when it said nothing.';


CREATE TABLE public.usage_days (
    organization_id uuid NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    api_key_id uuid NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    workspace_id uuid,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric DEFAULT 0 NOT NULL,
    cost_nanos numeric NOT NULL
);


CREATE TABLE public.usage_event_requests (
    organization_id uuid NOT NULL,
    request_id text NOT NULL,
    api_key_id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    usage_event_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_event_requests_request_id_check CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255)))
);


CREATE TABLE public.usage_events (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    "position" bigint NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid,
    reservation_id uuid,
    request_id text,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens bigint DEFAULT 0 NOT NULL,
    cost_nanos bigint NOT NULL,
    provider text DEFAULT ''::text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    counted_requests bigint NOT NULL,
    counter_ids uuid[] NOT NULL,
    period_numbers integer[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_events_cache_write_tokens_check CHECK (((cache_write_tokens = 0) OR ((cache_write_tokens >= 1) AND (cache_write_tokens <= (input_tokens - cached_input_tokens))))),
    CONSTRAINT usage_events_cached_input_tokens_check CHECK (((cached_input_tokens >= 0) AND (cached_input_tokens <= input_tokens))),
    CONSTRAINT usage_events_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT usage_events_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_events_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_events_requests_check CHECK ((requests >= 0))
)
PARTITION BY RANGE (recorded_at);


COMMENT ON COLUMN public.usage_events."position" IS 'Drawn while the organization is locked: within one organization, rows commit in this order, so that a roll-up that has seen a position has seen all before it.';


COMMENT ON COLUMN public.usage_events.cached_input_tokens IS 'Those of the input tokens that the provider read from its cache; cache_write_tokens those that it wrote to it.';


COMMENT ON COLUMN public.usage_events.provider IS 'Empty when the gateway named none; so is model.';


COMMENT ON COLUMN public.usage_events.counted_requests IS 'Requests that this row added to request windows: all of them unreserved, those above the reservation''s when settled.';


COMMENT ON COLUMN public.usage_events.counter_ids IS 'The counters that it was charged to, beside period_numbers: its reservation''s, else those of the limits that the key passed then.';


CREATE TABLE public.usage_events_2026_11 (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    "position" bigint NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid,
    reservation_id uuid,
    request_id text,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens bigint DEFAULT 0 NOT NULL,
    cost_nanos bigint NOT NULL,
    provider text DEFAULT ''::text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    counted_requests bigint NOT NULL,
    counter_ids uuid[] NOT NULL,
    period_numbers integer[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_events_cache_write_tokens_check CHECK (((cache_write_tokens = 0) OR ((cache_write_tokens >= 1) AND (cache_write_tokens <= (input_tokens - cached_input_tokens))))),
    CONSTRAINT usage_events_cached_input_tokens_check CHECK (((cached_input_tokens >= 0) AND (cached_input_tokens <= input_tokens))),
    CONSTRAINT usage_events_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT usage_events_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_events_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_events_requests_check CHECK ((requests >= 0))
);


CREATE TABLE public.usage_events_2026_12 (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    "position" bigint NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid,
    reservation_id uuid,
    request_id text,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens bigint DEFAULT 0 NOT NULL,
    cost_nanos bigint NOT NULL,
    provider text DEFAULT ''::text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    counted_requests bigint NOT NULL,
    counter_ids uuid[] NOT NULL,
    period_numbers integer[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_events_cache_write_tokens_check CHECK (((cache_write_tokens = 0) OR ((cache_write_tokens >= 1) AND (cache_write_tokens <= (input_tokens - cached_input_tokens))))),
    CONSTRAINT usage_events_cached_input_tokens_check CHECK (((cached_input_tokens >= 0) AND (cached_input_tokens <= input_tokens))),
    CONSTRAINT usage_events_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT usage_events_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_events_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_events_requests_check CHECK ((requests >= 0))
);


CREATE TABLE public.usage_events_default (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    "position" bigint NOT NULL,
    api_key_id uuid NOT NULL,
    workspace_id uuid,
    reservation_id uuid,
    request_id text,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    cache_write_tokens bigint DEFAULT 0 NOT NULL,
    cost_nanos bigint NOT NULL,
    provider text DEFAULT ''::text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    counted_requests bigint NOT NULL,
    counter_ids uuid[] NOT NULL,
    period_numbers integer[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT usage_events_cache_write_tokens_check CHECK (((cache_write_tokens = 0) OR ((cache_write_tokens >= 1) AND (cache_write_tokens <= (input_tokens - cached_input_tokens))))),
    CONSTRAINT usage_events_cached_input_tokens_check CHECK (((cached_input_tokens >= 0) AND (cached_input_tokens <= input_tokens))),
    CONSTRAINT usage_events_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT usage_events_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT usage_events_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT usage_events_requests_check CHECK ((requests >= 0))
);


CREATE SEQUENCE public.usage_events_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


CREATE TABLE public.usage_hours (
    organization_id uuid NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    api_key_id uuid NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    workspace_id uuid,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric DEFAULT 0 NOT NULL,
    cost_nanos numeric NOT NULL
);


CREATE TABLE public.usage_workspace_days (
    organization_id uuid NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    workspace_id uuid,
    provider text NOT NULL,
    model text NOT NULL,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric DEFAULT 0 NOT NULL,
    cost_nanos numeric NOT NULL
);


CREATE TABLE public.usage_workspace_hours (
    organization_id uuid NOT NULL,
    bucket_start timestamp with time zone NOT NULL,
    workspace_id uuid,
    provider text NOT NULL,
    model text NOT NULL,
    requests numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cached_input_tokens numeric NOT NULL,
    cache_write_tokens numeric DEFAULT 0 NOT NULL,
    cost_nanos numeric NOT NULL
);


CREATE TABLE public.workspaces (
    organization_id uuid NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT workspaces_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT workspaces_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);


ALTER TABLE ONLY public.usage_events ATTACH PARTITION public.usage_events_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');


ALTER TABLE ONLY public.usage_events ATTACH PARTITION public.usage_events_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


ALTER TABLE ONLY public.usage_events ATTACH PARTITION public.usage_events_default DEFAULT;


ALTER TABLE ONLY public.river_job ALTER COLUMN id SET DEFAULT nextval('public.river_job_id_seq'::regclass);


ALTER TABLE ONLY public.river_notification ALTER COLUMN id SET DEFAULT nextval('public.river_notification_id_seq'::regclass);


INSERT INTO public.access_tokens VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009b-7b43-aa04-cf6aaf3bfb7f', NULL, 'Demo portal', 'ADMIN', 'bst_kN0S5d', '\xd1203812faaeab869d32255a8e5c63f533bfc2f8f34645874aa1fd94c60b9388', '2026-11-28 00:37:33.979764+00', NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009e-74e9-a930-03864a3f87ff', NULL, 'Demo gateway', 'GATEWAY', 'bst_36VdNh', '\x4f1dccf34331e300967e979fb59199b6ab48d3a48842d11bb15265cd418149d4', '2026-11-28 00:37:33.982365+00', NULL, NULL),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00ea-7c41-9935-ffc75c4c96aa', NULL, 'gateway', 'GATEWAY', 'bst_9mmTJG', '\xee447c1acc83c98e1df6dbf0132fedb363a12d8e0b60cb1c86d14e2b8f22338a', '2026-11-28 00:37:34.058845+00', NULL, NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-014e-7364-810c-d092c013b093', NULL, 'gateway', 'GATEWAY', 'bst_klHhwZ', '\xda4e22b298ec766cd5bcc7a91949fb010a4b96c46b41448b5a9616cfd0f5847e', '2026-11-28 00:37:34.158275+00', NULL, NULL);


INSERT INTO public.alert_deliveries VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0255-7a9b-8768-6b454ef91fb7', 'ALERT', 'owner@full.test', 'owner@full.test', 'SENT', '2026-11-28 00:37:34.512935+00', 1, NULL, '01a21f96-0289-728f-bbb6-e1c493257ca2', '01a21f96-02ae-7228-9de5-dc2d49adaae2', '2026-11-28 00:37:34.41704+00', '2026-11-28 00:37:49.489822+00', '2026-11-28 00:37:34.489822+00', '2026-11-28 00:37:34.511932+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0275-7a35-98ae-1b591f3b23fe', 'ALERT', 'owner@full.test', 'owner@full.test', 'SENT', '2026-11-28 00:37:34.513009+00', 1, NULL, '01a21f96-0289-7299-a961-792a7f2479c5', '01a21f96-02ae-7e9b-b295-0f85a72cb154', '2026-11-28 00:37:34.448554+00', '2026-11-28 00:37:49.489822+00', '2026-11-28 00:37:34.489822+00', '2026-11-28 00:37:34.513004+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-031d-7343-a113-56fde3050554', 'ALERT', 'owner@full.test', 'owner@full.test', 'QUEUED', '2026-11-28 00:37:34.622877+00', 0, NULL, NULL, NULL, '2026-11-28 00:37:34.618955+00', '2026-11-28 00:37:34.618955+00', NULL, NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03bc-71db-8fbc-a2310ae0095b', 'ALERT', 'owner@full.test', 'owner@full.test', 'QUEUED', '2026-11-28 00:37:34.781924+00', 0, NULL, NULL, NULL, '2026-11-28 00:37:34.778074+00', '2026-11-28 00:37:34.778074+00', NULL, NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03be-7a8f-ab48-ef1eda91eef4', 'ALERT', 'owner@full.test', 'owner@full.test', 'QUEUED', '2026-11-28 00:37:34.782838+00', 0, NULL, NULL, NULL, '2026-11-28 00:37:34.778074+00', '2026-11-28 00:37:34.778074+00', NULL, NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-047d-79be-afa5-5deb0b908a47', 'ALERT', 'owner@full.test', 'owner@full.test', 'QUEUED', '2026-11-28 00:37:34.973964+00', 0, NULL, NULL, NULL, '2026-11-28 00:37:34.970967+00', '2026-11-28 00:37:34.970967+00', NULL, NULL);


INSERT INTO public.alerts VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0255-7a9b-8768-6b454ef91fb7', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, 'THRESHOLD', 'COST', 'MONTHLY', 100000000, 1210000000, 120000000, 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-11-28 00:37:34.41704+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0275-7a35-98ae-1b591f3b23fe', '01a21f96-015e-71d7-be78-5babe76b3b0d', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, DEFAULT, 'THRESHOLD', 'TOKENS', 'WEEKLY', 100, 10000000, 101, 1, 1, '2026-11-22 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-28 00:37:34.448554+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-031d-7343-a113-56fde3050554', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, 'THRESHOLD', 'COST', 'MONTHLY', 250000000, 1210000000, 300000000, 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-11-28 00:37:34.618955+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03bc-71db-8fbc-a2310ae0095b', '01a21f96-015a-70bc-be70-117f500f7548', NULL, NULL, DEFAULT, 'THRESHOLD', 'COST', 'MONTHLY', 500000000, 1000000000000, 520000168, 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-11-28 00:37:34.778074+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03be-7a8f-ab48-ef1eda91eef4', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, 'THRESHOLD', 'COST', 'MONTHLY', 500000000, 1210000000, 520000000, 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-11-28 00:37:34.778074+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-047d-79be-afa5-5deb0b908a47', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, 'EXHAUSTED', 'COST', 'MONTHLY', NULL, 1210000000, 860000000, 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-11-28 00:37:34.970967+00', NULL);


INSERT INTO public.api_key_secrets VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0079-7a97-8e8b-81e2c510094b', '\xc7863348b87a814403602f9819ff3cdf43ca6cf68742942609f235bcd4e20489', NULL, '2026-11-28 00:37:33.946031+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0081-756c-b18b-15cd105bf2ff', '\x1da9d3f82ebf2933b52834d67d9e3f1b665bd018b82b9491336a1802222b02c7', NULL, '2026-11-28 00:37:33.953442+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0084-7610-8309-45160c206fa8', '\xf17dc7c55f8300c18d0273a8809b3800ef2aa84cb24eed5378b4ddb0a79bef4b', NULL, '2026-11-28 00:37:33.956478+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0086-79db-9d01-2cf92d61b0c1', '\x11f3b605bd9f3ce0a43fd2d3e2d141b2cb0e216629f87ec0ec8a4a846d4dec38', NULL, '2026-11-28 00:37:33.95871+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0088-7839-a7ac-21bba32ef76d', '\xc678c24cd412270e81a84a907356aedd539d347ef2736179929ff675ef8568ae', NULL, '2026-11-28 00:37:33.960656+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008e-747a-a958-b0365d6652d9', '\x40dc154aea44734524eb3cb24c270dd9a220a5e6f423f691e50d2e7389aa3269', NULL, '2026-11-28 00:37:33.966379+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008f-771e-96c8-442a730956f8', '\xcc1bae4d0a1f7447d3b2a15f75bc156839073d6eb50e87109ef638c305a0a614', NULL, '2026-11-28 00:37:33.967558+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0091-72f1-9636-4900b24b62dc', '\x02566a2b6ab611bda9a76a257145071db0246d11b58b5cab281f6567ba994f18', NULL, '2026-11-28 00:37:33.969293+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0092-7d8d-b60a-5beff1611c3a', '\x0184e92b36d1c52d869730646f94e1e121d7b386e2c5d8d28c00fca019b8fd7b', NULL, '2026-11-28 00:37:33.970951+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0098-7a76-89ce-a990c8e84f76', '\xef032594193fcce11f8b26bb0281b58aa1dcb78b07ea55641303ae5928853d71', NULL, '2026-11-28 00:37:33.976793+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-77c6-904b-d0686a1088b1', '\x8d67cbb20965a3aa2f3cd054d7461fae77e558397d80bd631032a1a1d32dc70d', NULL, '2026-11-28 00:37:33.977593+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009a-77d7-97c8-73a8c34e835c', '\x40e1699ddccdb0156f6521b695af3d45163a71f95880c66464defa3e1a2afb69', NULL, '2026-11-28 00:37:33.978606+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '\x3abfdf2c03948671a5df8d182813a32fd3994a66652ee469e9240de0970a7bbc', NULL, '2026-11-28 00:37:34.067894+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\xbd65773beef6ff68c38226350c162e8794a271b68500e0e0ce2ba79ed03da6bc', NULL, '2026-11-28 00:37:34.162728+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xa90d19556f1519453484ee7a8279e5e8ab7b505ea4da16b88d177ca4a695e6b1', '2026-11-28 00:47:35.02377+00', '2026-11-28 00:37:34.185722+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x304e5ae6e8e3f9fb304bbc6eb36e4872f2f9e5e42eb295ba059f97182da2d859', NULL, '2026-11-28 00:37:35.02377+00');


INSERT INTO public.api_keys VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0079-7a97-8e8b-81e2c510094b', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Assistant (web)', 'Chat in the web application', 'bsr_wiNWF0', true, false, true, '{"team": "assistant"}', '2026-11-28 00:37:33.945725+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0081-756c-b18b-15cd105bf2ff', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Batch summaries', 'Nightly summaries of conversations', 'bsr_Z6w0IV', true, false, true, '{"team": "data"}', '2026-11-28 00:37:33.953398+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0084-7610-8309-45160c206fa8', NULL, '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Code review', 'Review comments on every pull request', 'bsr_QrESwR', true, false, true, '{"team": "platform"}', '2026-11-28 00:37:33.956439+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0086-79db-9d01-2cf92d61b0c1', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Document search', 'Answers over the knowledge base', 'bsr_ya8Vrf', true, false, true, '{"team": "search"}', '2026-11-28 00:37:33.958673+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0088-7839-a7ac-21bba32ef76d', '01a21f96-006f-7985-a4d1-66312d552a9f', '01a21f96-005c-73ae-82f2-267b3c3bea46', 'Evaluation runs', 'Regression tests of prompts', 'bsr_PAD1Nl', true, false, true, '{"team": "research"}', '2026-11-28 00:37:33.960616+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008e-747a-a958-b0365d6652d9', '01a21f96-006f-7985-a4d1-66312d552a9f', '01a21f96-005c-73ae-82f2-267b3c3bea46', 'Fine-tuning data', 'Synthetic examples for fine-tuning', 'bsr_20LRef', true, false, true, '{"team": "research"}', '2026-11-28 00:37:33.966339+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008f-771e-96c8-442a730956f8', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Mobile app', 'Chat in the mobile applications', 'bsr_AFjcCv', true, false, true, '{"team": "assistant"}', '2026-11-28 00:37:33.967515+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0091-72f1-9636-4900b24b62dc', '01a21f96-006f-7985-a4d1-66312d552a9f', '01a21f96-005c-73ae-82f2-267b3c3bea46', 'Notebook (Ada)', 'Experiments', 'bsr_MRHpvI', true, false, true, '{"team": "research"}', '2026-11-28 00:37:33.969255+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0092-7d8d-b60a-5beff1611c3a', '01a21f96-006f-7985-a4d1-66312d552a9f', '01a21f96-005c-73ae-82f2-267b3c3bea46', 'Notebook (Grace)', 'Experiments; alerts without mail', 'bsr_TNSPV2', true, false, false, '{"team": "research"}', '2026-11-28 00:37:33.970914+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0098-7a76-89ce-a990c8e84f76', NULL, '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Prompt playground', 'Everybody''s first try', 'bsr_NPNL1M', true, false, true, '{"team": "platform"}', '2026-11-28 00:37:33.976746+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-77c6-904b-d0686a1088b1', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Support triage', 'Sorts incoming tickets', 'bsr_wFj5Ax', true, false, true, '{"team": "support"}', '2026-11-28 00:37:33.977554+00', NULL, NULL, NULL, NULL),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009a-77d7-97c8-73a8c34e835c', '01a21f96-0067-7137-bd65-8fbf4854566a', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'Translation', 'Help pages in other languages', 'bsr_I3qCNK', true, false, true, '{"team": "support"}', '2026-11-28 00:37:33.978563+00', NULL, NULL, NULL, NULL),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', NULL, 'key', NULL, 'bsr_gbShP0', true, false, true, '{}', '2026-11-28 00:37:34.067674+00', NULL, NULL, NULL, '2026-11-28 00:37:34.107778+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'key', NULL, 'bsr_H2XvZl', true, false, true, '{}', '2026-11-28 00:37:34.162677+00', NULL, NULL, NULL, '2026-11-28 00:37:34.263898+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'key', NULL, 'bsr_QVpGh0', true, false, true, '{}', '2026-11-28 00:37:34.185669+00', NULL, NULL, NULL, '2026-11-28 00:37:34.201198+00');


INSERT INTO public.audit_log VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0054-7fef-88f5-e12cb09bac55', 'createDemo', 'bursar dev', 'org', '01a21f96-004e-73df-9785-278b95d9ffd6', NULL, '{"id": "org_01a21f96004e73df9785278b95d9ffd6", "name": "Demo", "plan": "ENTERPRISE", "slug": "demo", "createdAt": "2026-11-28T00:37:33.902487+00:00", "governanceEnabled": false}', NULL, NULL, '2026-11-28 00:37:33.909102+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005b-70b4-a539-24cbbe4051a0', 'createDemo', 'bursar dev', 'mem', '01a21f96-0058-7b1e-bfa5-ee9e2e3ec00a', NULL, '{"id": "mem_01a21f9600587b1ebfa5ee9e2e3ec00a", "name": "Fiona Finance", "role": "OWNER", "email": "finance@demo.test", "createdAt": "2026-11-28T00:37:33.912775+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.915139+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005b-7e5a-af8b-92c373f11afd', 'createDemo', 'bursar dev', 'mem', '01a21f96-005b-7785-ba3e-7d51be0b2caa', NULL, '{"id": "mem_01a21f96005b7785ba3e7d51be0b2caa", "name": "Paul Platform", "role": "ADMIN", "email": "platform@demo.test", "createdAt": "2026-11-28T00:37:33.915534+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.915966+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005c-7b5c-a675-3b4dcb3dda40', 'createDemo', 'bursar dev', 'mem', '01a21f96-005c-73ae-82f2-267b3c3bea46', NULL, '{"id": "mem_01a21f96005c73ae82f2267b3c3bea46", "name": "Rita Research", "role": "MEMBER", "email": "research@demo.test", "createdAt": "2026-11-28T00:37:33.916291+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.916782+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0061-79f7-9d18-a36247189ec8', 'createDemo', 'bursar dev', 'bud', '01a21f96-005e-73ae-b767-deedb832658f', NULL, '{"id": "bud_01a21f96005e73aeb767deedb832658f", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "120", "period": "MONTHLY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:33.917969+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["30", "60", "96"]}', NULL, NULL, '2026-11-28 00:37:33.921711+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0065-70b4-ac3e-6b836ce6643f', 'createDemo', 'bursar dev', 'rat', '01a21f96-0064-7760-8f3b-bacec9f6df2f', NULL, '{"id": "rat_01a21f96006477608f3bbacec9f6df2f", "kind": "RATE", "type": "REQUESTS", "used": "0", "amount": "200000", "period": "HOUR", "apiKeyId": null, "createdAt": "2026-11-28T00:37:33.924367+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": []}', NULL, NULL, '2026-11-28 00:37:33.925108+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006d-7106-974c-f8630d2f5529', 'createDemo', 'bursar dev', 'ws', '01a21f96-0067-7137-bd65-8fbf4854566a', NULL, '{"id": "ws_01a21f9600677137bd658fbf4854566a", "name": "Production", "slug": "production", "createdAt": "2026-11-28T00:37:33.92714+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.933165+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006e-77ae-b2e5-bf9621a6b916', 'createDemo', 'bursar dev', 'bud', '01a21f96-006d-7be3-9e1a-a97589a6b72e', NULL, '{"id": "bud_01a21f96006d7be39e1aa97589a6b72e", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "40", "period": "MONTHLY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:33.933658+00:00", "generation": 1, "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["20", "32"]}', NULL, NULL, '2026-11-28 00:37:33.934553+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006f-7f02-b19d-0aac1e2a3511', 'createDemo', 'bursar dev', 'ws', '01a21f96-006f-7985-a4d1-66312d552a9f', NULL, '{"id": "ws_01a21f96006f7985a4d166312d552a9f", "name": "Research", "slug": "research", "createdAt": "2026-11-28T00:37:33.935655+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.935994+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0070-7fe3-bb49-ea1bacb62f14', 'createDemo', 'bursar dev', 'bud', '01a21f96-0070-76b4-b023-6ab18b454c98', NULL, '{"id": "bud_01a21f96007076b4b0236ab18b454c98", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "9", "period": "MONTHLY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:33.936341+00:00", "generation": 1, "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["4.5", "7.2"]}', NULL, NULL, '2026-11-28 00:37:33.937058+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0078-7ca7-acb6-343253bafbab', 'createDemo', 'bursar dev', 'ws', '01a21f96-006f-7985-a4d1-66312d552a9f', NULL, '{"email": "research-leads@demo.test", "apiKeyId": null, "createdAt": "2026-11-28T00:37:33.938786+00:00", "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.944904+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-007c-7381-b22e-44174b7f9a72', 'createDemo', 'bursar dev', 'key', '01a21f96-0079-7a97-8e8b-81e2c510094b', NULL, '{"id": "key_01a21f9600797a978e8b81e2c510094b", "name": "Assistant (web)", "prefix": "bsr_wiNWF0", "enabled": true, "metadata": {"team": "assistant"}, "createdAt": "2026-11-28T00:37:33.945725+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Chat in the web application", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.948304+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-007e-7845-b088-062c64b3fafe', 'createDemo', 'bursar dev', 'key', '01a21f96-0079-7a97-8e8b-81e2c510094b', NULL, '{"apiKeyId": "key_01a21f9600797a978e8b81e2c510094b", "createdAt": "2026-11-28T00:37:33.946031+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.950661+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0080-71be-a70a-3d90c79cc365', 'createDemo', 'bursar dev', 'rat', '01a21f96-007f-749f-a515-d760a9570bd2', NULL, '{"id": "rat_01a21f96007f749fa515d760a9570bd2", "kind": "RATE", "type": "REQUESTS", "used": "0", "amount": "50000", "period": "HOUR", "apiKeyId": "key_01a21f9600797a978e8b81e2c510094b", "createdAt": "2026-11-28T00:37:33.951201+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": []}', NULL, NULL, '2026-11-28 00:37:33.952178+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0081-7d26-94d6-853adec468e1', 'createDemo', 'bursar dev', 'key', '01a21f96-0081-756c-b18b-15cd105bf2ff', NULL, '{"id": "key_01a21f960081756cb18b15cd105bf2ff", "name": "Batch summaries", "prefix": "bsr_Z6w0IV", "enabled": true, "metadata": {"team": "data"}, "createdAt": "2026-11-28T00:37:33.953398+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Nightly summaries of conversations", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.953889+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0082-71fb-9181-42018312c8c7', 'createDemo', 'bursar dev', 'key', '01a21f96-0081-756c-b18b-15cd105bf2ff', NULL, '{"apiKeyId": "key_01a21f960081756cb18b15cd105bf2ff", "createdAt": "2026-11-28T00:37:33.953442+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.954182+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0083-710e-aae1-d513ac62b180', 'createDemo', 'bursar dev', 'rat', '01a21f96-0082-7981-a9da-75af26187447', NULL, '{"id": "rat_01a21f9600827981a9da75af26187447", "kind": "RATE", "type": "TOKENS", "used": "0", "amount": "1000000", "period": "MINUTE", "apiKeyId": "key_01a21f960081756cb18b15cd105bf2ff", "createdAt": "2026-11-28T00:37:33.954519+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": []}', NULL, NULL, '2026-11-28 00:37:33.955126+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0084-7d1e-9090-de1b9cd288a9', 'createDemo', 'bursar dev', 'key', '01a21f96-0084-7610-8309-45160c206fa8', NULL, '{"id": "key_01a21f9600847610830945160c206fa8", "name": "Code review", "prefix": "bsr_QrESwR", "enabled": true, "metadata": {"team": "platform"}, "createdAt": "2026-11-28T00:37:33.956439+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Review comments on every pull request", "workspaceId": null, "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.956877+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0085-718d-89d2-6933bc0c76a1', 'createDemo', 'bursar dev', 'key', '01a21f96-0084-7610-8309-45160c206fa8', NULL, '{"apiKeyId": "key_01a21f9600847610830945160c206fa8", "createdAt": "2026-11-28T00:37:33.956478+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.957146+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0085-7f26-bab9-190d9c9fd953', 'createDemo', 'bursar dev', 'bud', '01a21f96-0085-78a7-929d-20fc64bf5cd4', NULL, '{"id": "bud_01a21f96008578a7929d20fc64bf5cd4", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "8", "period": "MONTHLY", "apiKeyId": "key_01a21f9600847610830945160c206fa8", "createdAt": "2026-11-28T00:37:33.957514+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["4", "6.4"]}', NULL, NULL, '2026-11-28 00:37:33.958053+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0087-7004-a6b1-8df81117ae6c', 'createDemo', 'bursar dev', 'key', '01a21f96-0086-79db-9d01-2cf92d61b0c1', NULL, '{"id": "key_01a21f96008679db9d012cf92d61b0c1", "name": "Document search", "prefix": "bsr_ya8Vrf", "enabled": true, "metadata": {"team": "search"}, "createdAt": "2026-11-28T00:37:33.958673+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Answers over the knowledge base", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.959054+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0087-7439-b4cf-116e3d6214af', 'createDemo', 'bursar dev', 'key', '01a21f96-0086-79db-9d01-2cf92d61b0c1', NULL, '{"apiKeyId": "key_01a21f96008679db9d012cf92d61b0c1", "createdAt": "2026-11-28T00:37:33.95871+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.959315+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0087-7e24-8387-9d1b510c12d3', 'createDemo', 'bursar dev', 'rat', '01a21f96-0087-7943-9011-dea84c4aa247', NULL, '{"id": "rat_01a21f96008779439011dea84c4aa247", "kind": "RATE", "type": "REQUESTS", "used": "0", "amount": "400", "period": "MINUTE", "apiKeyId": "key_01a21f96008679db9d012cf92d61b0c1", "createdAt": "2026-11-28T00:37:33.959562+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": []}', NULL, NULL, '2026-11-28 00:37:33.959947+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008c-7b06-a377-c72b4ffe64f3', 'createDemo', 'bursar dev', 'key', '01a21f96-0088-7839-a7ac-21bba32ef76d', NULL, '{"id": "key_01a21f9600887839a7ac21bba32ef76d", "name": "Evaluation runs", "prefix": "bsr_PAD1Nl", "enabled": true, "metadata": {"team": "research"}, "createdAt": "2026-11-28T00:37:33.960616+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005c73ae82f2267b3c3bea46", "description": "Regression tests of prompts", "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.964755+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008d-701c-8924-ba5239f44aa1', 'createDemo', 'bursar dev', 'key', '01a21f96-0088-7839-a7ac-21bba32ef76d', NULL, '{"apiKeyId": "key_01a21f9600887839a7ac21bba32ef76d", "createdAt": "2026-11-28T00:37:33.960656+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.96506+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008d-7b1e-be63-4b804e8b764e', 'createDemo', 'bursar dev', 'bud', '01a21f96-008d-7599-a02a-b4dd9a1d96af', NULL, '{"id": "bud_01a21f96008d7599a02ab4dd9a1d96af", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "1.5", "period": "WEEKLY", "apiKeyId": "key_01a21f9600887839a7ac21bba32ef76d", "createdAt": "2026-11-28T00:37:33.965331+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["0.75", "1.2"]}', NULL, NULL, '2026-11-28 00:37:33.96576+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008e-7ae5-8912-2427f6b81c69', 'createDemo', 'bursar dev', 'key', '01a21f96-008e-747a-a958-b0365d6652d9', NULL, '{"id": "key_01a21f96008e747aa958b0365d6652d9", "name": "Fine-tuning data", "prefix": "bsr_20LRef", "enabled": true, "metadata": {"team": "research"}, "createdAt": "2026-11-28T00:37:33.966339+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005c73ae82f2267b3c3bea46", "description": "Synthetic examples for fine-tuning", "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.966735+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008e-7f06-8b62-8c58d6611208', 'createDemo', 'bursar dev', 'key', '01a21f96-008e-747a-a958-b0365d6652d9', NULL, '{"apiKeyId": "key_01a21f96008e747aa958b0365d6652d9", "createdAt": "2026-11-28T00:37:33.966379+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.966989+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008f-7c62-ba23-74bd9abf8a49', 'createDemo', 'bursar dev', 'key', '01a21f96-008f-771e-96c8-442a730956f8', NULL, '{"id": "key_01a21f96008f771e96c8442a730956f8", "name": "Mobile app", "prefix": "bsr_AFjcCv", "enabled": true, "metadata": {"team": "assistant"}, "createdAt": "2026-11-28T00:37:33.967515+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Chat in the mobile applications", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.967838+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008f-7f3f-99e0-1f4880a18154', 'createDemo', 'bursar dev', 'key', '01a21f96-008f-771e-96c8-442a730956f8', NULL, '{"apiKeyId": "key_01a21f96008f771e96c8442a730956f8", "createdAt": "2026-11-28T00:37:33.967558+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.96801+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0090-7a5e-8aec-bc342077057c', 'createDemo', 'bursar dev', 'bud', '01a21f96-0090-746a-bbf1-35423ead636f', NULL, '{"id": "bud_01a21f960090746abbf135423ead636f", "kind": "BUDGET", "type": "TOKENS", "used": "0", "amount": "2000000", "period": "MONTHLY", "apiKeyId": "key_01a21f96008f771e96c8442a730956f8", "createdAt": "2026-11-28T00:37:33.968258+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["1000000", "1600000"]}', NULL, NULL, '2026-11-28 00:37:33.968719+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0091-7799-951a-93c5dcb8837f', 'createDemo', 'bursar dev', 'key', '01a21f96-0091-72f1-9636-4900b24b62dc', NULL, '{"id": "key_01a21f96009172f196364900b24b62dc", "name": "Notebook (Ada)", "prefix": "bsr_MRHpvI", "enabled": true, "metadata": {"team": "research"}, "createdAt": "2026-11-28T00:37:33.969255+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005c73ae82f2267b3c3bea46", "description": "Experiments", "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.969537+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0091-7a72-b5a3-80b425e1a63a', 'createDemo', 'bursar dev', 'key', '01a21f96-0091-72f1-9636-4900b24b62dc', NULL, '{"apiKeyId": "key_01a21f96009172f196364900b24b62dc", "createdAt": "2026-11-28T00:37:33.969293+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.969708+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0092-743d-9331-3ef7a78495fb', 'createDemo', 'bursar dev', 'rat', '01a21f96-0091-7fb6-be1b-5164e65ba90b', NULL, '{"id": "rat_01a21f9600917fb6be1b5164e65ba90b", "kind": "RATE", "type": "REQUESTS", "used": "0", "amount": "10000", "period": "DAY", "apiKeyId": "key_01a21f96009172f196364900b24b62dc", "createdAt": "2026-11-28T00:37:33.969964+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": []}', NULL, NULL, '2026-11-28 00:37:33.970327+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-014a-79ef-af91-72b71f10b869', 'createOrganization', 'root', 'org', '01a21f96-0149-7978-b9b5-06c0fb7870af', NULL, '{"id": "org_01a21f9601497978b9b506c0fb7870af", "name": "full", "plan": "ENTERPRISE", "slug": "full", "createdAt": "2026-11-28T00:37:34.153689+00:00", "governanceEnabled": false}', '2434c83f-6291-4032-8ae5-735b0fabe7e7', NULL, '2026-11-28 00:37:34.154686+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0093-72b4-97fe-77904763e4c2', 'createDemo', 'bursar dev', 'key', '01a21f96-0092-7d8d-b60a-5beff1611c3a', NULL, '{"id": "key_01a21f9600927d8db60a5beff1611c3a", "name": "Notebook (Grace)", "prefix": "bsr_TNSPV2", "enabled": true, "metadata": {"team": "research"}, "createdAt": "2026-11-28T00:37:33.970914+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005c73ae82f2267b3c3bea46", "description": "Experiments; alerts without mail", "workspaceId": "ws_01a21f96006f7985a4d166312d552a9f", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": false, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.971235+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0093-7624-a599-11eb3006138c', 'createDemo', 'bursar dev', 'key', '01a21f96-0092-7d8d-b60a-5beff1611c3a', NULL, '{"apiKeyId": "key_01a21f9600927d8db60a5beff1611c3a", "createdAt": "2026-11-28T00:37:33.970951+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.971444+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0093-7ffb-b129-7af934d0189a', 'createDemo', 'bursar dev', 'bud', '01a21f96-0093-7b85-ac48-99ecf313f804', NULL, '{"id": "bud_01a21f9600937b85ac4899ecf313f804", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "10", "period": "NONE", "apiKeyId": "key_01a21f9600927d8db60a5beff1611c3a", "createdAt": "2026-11-28T00:37:33.971703+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "alertThresholds": ["1"]}', NULL, NULL, '2026-11-28 00:37:33.972059+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-7010-bcea-120c103f29cd', 'createDemo', 'bursar dev', 'key', '01a21f96-0098-7a76-89ce-a990c8e84f76', NULL, '{"id": "key_01a21f9600987a7689cea990c8e84f76", "name": "Prompt playground", "prefix": "bsr_NPNL1M", "enabled": true, "metadata": {"team": "platform"}, "createdAt": "2026-11-28T00:37:33.976746+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Everybody''s first try", "workspaceId": null, "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.977071+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-7368-b511-be30b42d797a', 'createDemo', 'bursar dev', 'key', '01a21f96-0098-7a76-89ce-a990c8e84f76', NULL, '{"apiKeyId": "key_01a21f9600987a7689cea990c8e84f76", "createdAt": "2026-11-28T00:37:33.976793+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.977272+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-7c62-9126-9992df6f7b8b', 'createDemo', 'bursar dev', 'key', '01a21f96-0099-77c6-904b-d0686a1088b1', NULL, '{"id": "key_01a21f96009977c6904bd0686a1088b1", "name": "Support triage", "prefix": "bsr_wFj5Ax", "enabled": true, "metadata": {"team": "support"}, "createdAt": "2026-11-28T00:37:33.977554+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Sorts incoming tickets", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.977834+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0099-7f2b-bdfd-138afbce2465', 'createDemo', 'bursar dev', 'key', '01a21f96-0099-77c6-904b-d0686a1088b1', NULL, '{"apiKeyId": "key_01a21f96009977c6904bd0686a1088b1", "createdAt": "2026-11-28T00:37:33.977593+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.978007+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009a-7d53-9ba0-413790a9f372', 'createDemo', 'bursar dev', 'key', '01a21f96-009a-77d7-97c8-73a8c34e835c', NULL, '{"id": "key_01a21f96009a77d797c873a8c34e835c", "name": "Translation", "prefix": "bsr_I3qCNK", "enabled": true, "metadata": {"team": "support"}, "createdAt": "2026-11-28T00:37:33.978563+00:00", "expiresAt": null, "revokedAt": null, "createdById": "mem_01a21f96005b7785ba3e7d51be0b2caa", "description": "Help pages in other languages", "workspaceId": "ws_01a21f9600677137bd658fbf4854566a", "expiresAtMost": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "emailNotifications": true, "disabledByAdministrator": false}', NULL, NULL, '2026-11-28 00:37:33.978899+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009b-7045-8d87-a7b307232dc8', 'createDemo', 'bursar dev', 'key', '01a21f96-009a-77d7-97c8-73a8c34e835c', NULL, '{"apiKeyId": "key_01a21f96009a77d797c873a8c34e835c", "createdAt": "2026-11-28T00:37:33.978606+00:00", "organizationId": "org_01a21f96004e73df9785278b95d9ffd6", "transitionEndsAt": null}', NULL, NULL, '2026-11-28 00:37:33.979073+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009d-7e66-b189-ea6457d4b43e', 'createDemo', 'bursar dev', 'tok', '01a21f96-009b-7b43-aa04-cf6aaf3bfb7f', NULL, '{"id": "tok_01a21f96009b7b43aa04cf6aaf3bfb7f", "name": "Demo portal", "role": "ADMIN", "prefix": "bst_kN0S5d", "memberId": null, "createdAt": "2026-11-28T00:37:33.979764+00:00", "expiresAt": null, "revokedAt": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.981984+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-009e-7a3d-883e-005881a40146', 'createDemo', 'bursar dev', 'tok', '01a21f96-009e-74e9-a930-03864a3f87ff', NULL, '{"id": "tok_01a21f96009e74e9a93003864a3f87ff", "name": "Demo gateway", "role": "GATEWAY", "prefix": "bst_36VdNh", "memberId": null, "createdAt": "2026-11-28T00:37:33.982365+00:00", "expiresAt": null, "revokedAt": null, "organizationId": "org_01a21f96004e73df9785278b95d9ffd6"}', NULL, NULL, '2026-11-28 00:37:33.98271+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00df-76f5-b4e5-cbc3c84d7d82', 'createOrganization', 'root', 'org', '01a21f96-00da-7f9d-b900-5e64181dd2e4', NULL, '{"id": "org_01a21f9600da7f9db9005e64181dd2e4", "name": "dropped", "plan": "ENTERPRISE", "slug": "dropped", "createdAt": "2026-11-28T00:37:34.043174+00:00", "governanceEnabled": false}', '57809db9-2796-4066-bb7a-0412019fbaae', NULL, '2026-11-28 00:37:34.047529+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00e3-7f64-aa37-24155e3d44d1', 'createWorkspace', 'root', 'ws', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', NULL, '{"id": "ws_01a21f9600e17ed980337ccedd966d6e", "name": "work", "slug": "work", "createdAt": "2026-11-28T00:37:34.049993+00:00", "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4"}', '87538b41-2803-4894-be10-bf63b3a91880', NULL, '2026-11-28 00:37:34.052049+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00ec-7f68-b9c1-719d915ef422', 'createAccessToken', 'root', 'tok', '01a21f96-00ea-7c41-9935-ffc75c4c96aa', NULL, '{"id": "tok_01a21f9600ea7c419935ffc75c4c96aa", "name": "gateway", "role": "GATEWAY", "prefix": "bst_9mmTJG", "memberId": null, "createdAt": "2026-11-28T00:37:34.058845+00:00", "expiresAt": null, "revokedAt": null, "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4"}', '095ba861-5506-4c28-8cbf-3cff46392472', NULL, '2026-11-28 00:37:34.061037+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00f1-76e1-9823-efdc21314eea', 'addMember', 'root', 'mem', '01a21f96-00ef-750e-ba48-289b3459c227', NULL, '{"id": "mem_01a21f9600ef750eba48289b3459c227", "name": null, "role": "OWNER", "email": "owner@dropped.test", "createdAt": "2026-11-28T00:37:34.063411+00:00", "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4"}', '3c494b8f-84c7-42d1-8a64-da47501d9846', NULL, '2026-11-28 00:37:34.065509+00');
INSERT INTO public.audit_log VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00f6-751e-a366-0e2ecf633c23', 'createApiKey', 'root', 'key', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', NULL, '{"id": "key_01a21f9600f3794789fdceba3e8a52a9", "name": "key", "prefix": "bsr_gbShP0", "enabled": true, "metadata": {}, "createdAt": "2026-11-28T00:37:34.067674+00:00", "expiresAt": null, "revokedAt": null, "createdById": null, "description": null, "workspaceId": "ws_01a21f9600e17ed980337ccedd966d6e", "expiresAtMost": null, "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4", "emailNotifications": true, "disabledByAdministrator": false}', 'f7c79135-50d6-406f-98d0-ebf55f39d2a4', NULL, '2026-11-28 00:37:34.070463+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00f8-7c83-a060-0a4d164ff4c8', 'createApiKey', 'root', 'key', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', NULL, '{"apiKeyId": "key_01a21f9600f3794789fdceba3e8a52a9", "createdAt": "2026-11-28T00:37:34.067894+00:00", "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4", "transitionEndsAt": null}', 'f7c79135-50d6-406f-98d0-ebf55f39d2a4', NULL, '2026-11-28 00:37:34.072921+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-010c-740c-8946-4e2c0d8da09e', 'createBudgetLimit', 'root', 'bud', '01a21f96-0109-7c35-991e-2eaa27c8bf09', NULL, '{"id": "bud_01a21f9601097c35991e2eaa27c8bf09", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "50", "period": "NONE", "apiKeyId": null, "createdAt": "2026-11-28T00:37:34.089362+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f9600da7f9db9005e64181dd2e4", "alertThresholds": []}', '256508ef-454f-4ddf-9e8b-8b9c59d88a9e', NULL, '2026-11-28 00:37:34.092339+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-014c-7fc6-b375-3db695c95082', 'createWorkspace', 'root', 'ws', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, '{"id": "ws_01a21f96014c70b08834dcd9181a2838", "name": "work", "slug": "work", "createdAt": "2026-11-28T00:37:34.156107+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af"}', '83e0b7f8-032d-4fe7-8618-f64b8894c479', NULL, '2026-11-28 00:37:34.157049+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-014f-718d-ba00-bf13bc4e9bec', 'createAccessToken', 'root', 'tok', '01a21f96-014e-7364-810c-d092c013b093', NULL, '{"id": "tok_01a21f96014e7364810cd092c013b093", "name": "gateway", "role": "GATEWAY", "prefix": "bst_klHhwZ", "memberId": null, "createdAt": "2026-11-28T00:37:34.158275+00:00", "expiresAt": null, "revokedAt": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af"}', '45855fe2-4651-4937-a1e1-5ef68fe2b4f6', NULL, '2026-11-28 00:37:34.159171+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0151-746e-ace4-fa269ec846d9', 'addMember', 'root', 'mem', '01a21f96-0150-761c-8333-4ba5ae2641d1', NULL, '{"id": "mem_01a21f960150761c83334ba5ae2641d1", "name": null, "role": "OWNER", "email": "owner@full.test", "createdAt": "2026-11-28T00:37:34.160446+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af"}', '47cb8f41-7ab7-4b97-859b-c72539eaff0e', NULL, '2026-11-28 00:37:34.161337+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0153-79be-8153-6bafef236cd0', 'createApiKey', 'root', 'key', '01a21f96-0152-79d2-b274-6ebaf86c24fb', NULL, '{"id": "key_01a21f96015279d2b2746ebaf86c24fb", "name": "key", "prefix": "bsr_H2XvZl", "enabled": true, "metadata": {}, "createdAt": "2026-11-28T00:37:34.162677+00:00", "expiresAt": null, "revokedAt": null, "createdById": null, "description": null, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "expiresAtMost": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "emailNotifications": true, "disabledByAdministrator": false}', '07f1133d-b77d-4fc7-8781-520893e41d8a', NULL, '2026-11-28 00:37:34.163702+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0154-7e9f-bf47-5ff76424c9a3', 'createApiKey', 'root', 'key', '01a21f96-0152-79d2-b274-6ebaf86c24fb', NULL, '{"apiKeyId": "key_01a21f96015279d2b2746ebaf86c24fb", "createdAt": "2026-11-28T00:37:34.162728+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "transitionEndsAt": null}', '07f1133d-b77d-4fc7-8781-520893e41d8a', NULL, '2026-11-28 00:37:34.165007+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015b-74d4-aa57-62855e9ad27a', 'createBudgetLimit', 'root', 'bud', '01a21f96-015a-70bc-be70-117f500f7548', NULL, '{"id": "bud_01a21f96015a70bcbe70117f500f7548", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "1000", "period": "MONTHLY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:34.169929+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": ["0.5", "1", "2", "3", "5", "8", "13", "21"]}', '0a13cd95-5052-464c-ad1c-0c99e0b472c0', NULL, '2026-11-28 00:37:34.171375+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015f-72fd-b8a3-e558ddbe700b', 'createBudgetLimit', 'root', 'bud', '01a21f96-015e-71d7-be78-5babe76b3b0d', NULL, '{"id": "bud_01a21f96015e71d7be785babe76b3b0d", "kind": "BUDGET", "type": "TOKENS", "used": "0", "amount": "10000000", "period": "WEEKLY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:34.174023+00:00", "generation": 1, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": ["100", "1000", "2000", "4000", "8000"]}', '0778b594-5f22-47a0-a174-7d15775b61fc', NULL, '2026-11-28 00:37:34.175249+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0162-7f70-ad83-f46592f145be', 'createRateLimit', 'root', 'rat', '01a21f96-0161-7f33-a167-0acc240187ba', NULL, '{"id": "rat_01a21f9601617f33a1670acc240187ba", "kind": "RATE", "type": "REQUESTS", "used": "0", "amount": "1000000", "period": "DAY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:34.17786+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": []}', '4bc2d38f-8b44-434c-891b-cdcef9087202', NULL, '2026-11-28 00:37:34.179026+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0167-70d9-9d48-54936019b33f', 'createRateLimit', 'root', 'rat', '01a21f96-0165-7bfb-9349-12dcf28e62c9', NULL, '{"id": "rat_01a21f9601657bfb934912dcf28e62c9", "kind": "RATE", "type": "TOKENS", "used": "0", "amount": "10000000", "period": "DAY", "apiKeyId": null, "createdAt": "2026-11-28T00:37:34.181622+00:00", "generation": 1, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": []}', '663103e9-9fba-48fe-9c6e-b413f240e1e9', NULL, '2026-11-28 00:37:34.183117+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-016a-791e-9bd4-6454665eb493', 'createApiKey', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', NULL, '{"id": "key_01a21f96016979a5abd4558f6a40e991", "name": "key", "prefix": "bsr_0hDzYi", "enabled": true, "metadata": {}, "createdAt": "2026-11-28T00:37:34.185669+00:00", "expiresAt": null, "revokedAt": null, "createdById": null, "description": null, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "expiresAtMost": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "emailNotifications": true, "disabledByAdministrator": false}', '1e662f36-6f3c-4bf8-a95d-5578e240c607', NULL, '2026-11-28 00:37:34.186631+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-016b-7b37-9d28-452b2a38a121', 'createApiKey', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', NULL, '{"apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:34.185722+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "transitionEndsAt": null}', '1e662f36-6f3c-4bf8-a95d-5578e240c607', NULL, '2026-11-28 00:37:34.187783+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0172-741c-bda3-d988c5545cf0', 'createBudgetLimit', 'root', 'bud', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '{"id": "bud_01a21f9601707c5eb3a4af26a3fb36d0", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "1.21", "period": "MONTHLY", "apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:34.192569+00:00", "generation": 1, "workspaceId": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": ["0.1", "0.25", "0.5"]}', '7f8cbad2-2b96-413e-9b3a-52f237692525', NULL, '2026-11-28 00:37:34.194336+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04a5-7922-9de2-80973c415360', 'createBudgetLimit', 'root', 'bud', '01a21f96-04a4-77ef-8c1d-7d748bd751f1', NULL, '{"id": "bud_01a21f9604a477ef8c1d7d748bd751f1", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "50", "period": "NONE", "apiKeyId": null, "createdAt": "2026-11-28T00:37:35.012471+00:00", "generation": 1, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": []}', 'a92209f4-c013-460c-865a-451a4b25005a', NULL, '2026-11-28 00:37:35.013652+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04ac-712b-a091-283487e2b23c', 'resetBudgetLimit', 'root', 'bud', '01a21f96-04a4-77ef-8c1d-7d748bd751f1', '{"id": "bud_01a21f9604a477ef8c1d7d748bd751f1", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "50", "period": "NONE", "apiKeyId": null, "createdAt": "2026-11-28T00:37:35.012471+00:00", "generation": 1, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": []}', '{"id": "bud_01a21f9604a477ef8c1d7d748bd751f1", "kind": "BUDGET", "type": "COST", "used": "0", "amount": "50", "period": "NONE", "apiKeyId": null, "createdAt": "2026-11-28T00:37:35.012471+00:00", "generation": 2, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "alertThresholds": []}', '1b8376cd-d796-407a-a017-e7e0a66f38e1', NULL, '2026-11-28 00:37:35.020181+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04b4-7ef9-9279-6405cf3b5889', 'rotateApiKey', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', '{"id": "key_01a21f96016979a5abd4558f6a40e991", "name": "key", "prefix": "bsr_0hDzYi", "enabled": true, "metadata": {}, "createdAt": "2026-11-28T00:37:34.185669+00:00", "expiresAt": null, "revokedAt": null, "createdById": null, "description": null, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "expiresAtMost": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "emailNotifications": true, "disabledByAdministrator": false}', '{"id": "key_01a21f96016979a5abd4558f6a40e991", "name": "key", "prefix": "bsr_QVpGh0", "enabled": true, "metadata": {}, "createdAt": "2026-11-28T00:37:34.185669+00:00", "expiresAt": null, "revokedAt": null, "createdById": null, "description": null, "workspaceId": "ws_01a21f96014c70b08834dcd9181a2838", "expiresAtMost": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "emailNotifications": true, "disabledByAdministrator": false}', '8dc2ddee-62c7-4b08-b2fb-d4f099d78519', NULL, '2026-11-28 00:37:35.02903+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04b6-78b4-b77a-16689b9f66d6', 'rotateApiKey', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', '{"apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:34.185722+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "transitionEndsAt": null}', '{"apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:34.185722+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "transitionEndsAt": "2026-11-28T00:47:35.02377+00:00"}', '8dc2ddee-62c7-4b08-b2fb-d4f099d78519', NULL, '2026-11-28 00:37:35.030656+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04b6-7fc2-80f3-cf27f691c760', 'rotateApiKey', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', NULL, '{"apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:35.02377+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af", "transitionEndsAt": null}', '8dc2ddee-62c7-4b08-b2fb-d4f099d78519', NULL, '2026-11-28 00:37:35.031042+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04c3-791e-b6cc-e7c9efa202b8', 'addRecipients', 'root', 'key', '01a21f96-0169-79a5-abd4-558f6a40e991', NULL, '{"email": "team@full.test", "apiKeyId": "key_01a21f96016979a5abd4558f6a40e991", "createdAt": "2026-11-28T00:37:35.042147+00:00", "workspaceId": null, "organizationId": "org_01a21f9601497978b9b506c0fb7870af"}', '5a79524f-53c3-465b-982f-897b689adc62', NULL, '2026-11-28 00:37:35.043672+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04c8-71a5-a8cc-7bea71585f82', 'insert suppressed_addresses', 'sql:bursar', 'org', '01a21f96-0149-7978-b9b5-06c0fb7870af', NULL, '{"detail": null, "reason": "BOUNCED", "address": "gone@full.test", "suppressedAt": "2026-11-28T00:37:35.045595+00:00", "organizationId": "org_01a21f9601497978b9b506c0fb7870af"}', NULL, NULL, '2026-11-28 00:37:35.048235+00');


INSERT INTO public.budget_periods VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04a5-7ba1-857c-e64801a25a0f', '01a21f96-04a4-77ef-8c1d-7d748bd751f1', 1, 1, 'COST', 'NONE', '2026-11-28 00:37:35.012471+00', NULL, 50000000000, '{}', 0, 0, '{}', false, '2026-11-28 00:37:35.018621+00');


INSERT INTO public.counters VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0062-748b-a471-7bd938fe62c3', '01a21f96-005e-73ae-b767-deedb832658f', '01a21f96-004e-73df-9785-278b95d9ffd6', 'ORGANIZATION', 'BUDGET', 'COST', 'MONTHLY', 120000000000, '{30000000000,60000000000,96000000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0065-753f-8a55-dfdeeca8b611', '01a21f96-0064-7760-8f3b-bacec9f6df2f', '01a21f96-004e-73df-9785-278b95d9ffd6', 'ORGANIZATION', 'RATE', 'REQUESTS', 'HOUR', 200000, '{}', 1, 1, '2026-11-28 00:00:00+00', '2026-11-28 01:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006e-7cac-ad81-9842faf1fba0', '01a21f96-006d-7be3-9e1a-a97589a6b72e', '01a21f96-0067-7137-bd65-8fbf4854566a', 'WORKSPACE', 'BUDGET', 'COST', 'MONTHLY', 40000000000, '{20000000000,32000000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0071-746a-b6e1-fcb9c8a584fe', '01a21f96-0070-76b4-b023-6ab18b454c98', '01a21f96-006f-7985-a4d1-66312d552a9f', 'WORKSPACE', 'BUDGET', 'COST', 'MONTHLY', 9000000000, '{4500000000,7200000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0080-76bc-a3d2-0a11924bf40b', '01a21f96-007f-749f-a515-d760a9570bd2', '01a21f96-0079-7a97-8e8b-81e2c510094b', 'API_KEY', 'RATE', 'REQUESTS', 'HOUR', 50000, '{}', 1, 1, '2026-11-28 00:00:00+00', '2026-11-28 01:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0083-7547-b3d5-be5dd59ce4bb', '01a21f96-0082-7981-a9da-75af26187447', '01a21f96-0081-756c-b18b-15cd105bf2ff', 'API_KEY', 'RATE', 'TOKENS', 'MINUTE', 1000000, '{}', 1, 1, '2026-11-28 00:37:00+00', '2026-11-28 00:38:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0086-71ca-94d5-29d062f3672a', '01a21f96-0085-78a7-929d-20fc64bf5cd4', '01a21f96-0084-7610-8309-45160c206fa8', 'API_KEY', 'BUDGET', 'COST', 'MONTHLY', 8000000000, '{4000000000,6400000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0087-7fd7-b7be-bbfa368598c8', '01a21f96-0087-7943-9011-dea84c4aa247', '01a21f96-0086-79db-9d01-2cf92d61b0c1', 'API_KEY', 'RATE', 'REQUESTS', 'MINUTE', 400, '{}', 1, 1, '2026-11-28 00:37:00+00', '2026-11-28 00:38:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008d-7ce5-ab71-f3b6934eda47', '01a21f96-008d-7599-a02a-b4dd9a1d96af', '01a21f96-0088-7839-a7ac-21bba32ef76d', 'API_KEY', 'BUDGET', 'COST', 'WEEKLY', 1500000000, '{750000000,1200000000}', 1, 1, '2026-11-22 00:00:00+00', '2026-11-29 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0090-7c45-b118-6d440596e5fe', '01a21f96-0090-746a-bbf1-35423ead636f', '01a21f96-008f-771e-96c8-442a730956f8', 'API_KEY', 'BUDGET', 'TOKENS', 'MONTHLY', 2000000, '{1000000,1600000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0092-76c0-9771-4c0d0e60cfbd', '01a21f96-0091-7fb6-be1b-5164e65ba90b', '01a21f96-0091-72f1-9636-4900b24b62dc', 'API_KEY', 'RATE', 'REQUESTS', 'DAY', 10000, '{}', 1, 1, '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', DEFAULT, 0, 0, '{}', false),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0094-719d-8176-e44ab1f52666', '01a21f96-0093-7b85-ac48-99ecf313f804', '01a21f96-0092-7d8d-b60a-5beff1611c3a', 'API_KEY', 'BUDGET', 'COST', 'NONE', 10000000000, '{1000000000}', 1, 1, '2026-11-28 00:37:33.971703+00', NULL, DEFAULT, 0, 0, '{}', false),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-010c-7c39-b257-677519f26fec', '01a21f96-0109-7c35-991e-2eaa27c8bf09', '01a21f96-00da-7f9d-b900-5e64181dd2e4', 'ORGANIZATION', 'BUDGET', 'COST', 'NONE', 50000000000, '{}', 1, 1, '2026-11-28 00:37:34.089362+00', NULL, DEFAULT, 1500000000, 0, '{}', false),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0167-7553-8003-4229ee6e0ee1', '01a21f96-0165-7bfb-9349-12dcf28e62c9', '01a21f96-014c-70b0-8834-dcd9181a2838', 'WORKSPACE', 'RATE', 'TOKENS', 'DAY', 10000000, '{}', 1, 1, '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', DEFAULT, 578, 112, '{}', false),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04a5-7ba1-857c-e64801a25a0f', '01a21f96-04a4-77ef-8c1d-7d748bd751f1', '01a21f96-014c-70b0-8834-dcd9181a2838', 'WORKSPACE', 'BUDGET', 'COST', 'NONE', 50000000000, '{}', 2, 2, '2026-11-28 00:37:35.018621+00', NULL, DEFAULT, 0, 0, '{}', false),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0172-7960-8b21-bd86632f4f5a', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', '01a21f96-0169-79a5-abd4-558f6a40e991', 'API_KEY', 'BUDGET', 'COST', 'MONTHLY', 1210000000, '{100000000,250000000,500000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 880000000, 320000000, '{100000000,250000000,500000000}', true),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015b-79ef-920d-74b5af7c6f80', '01a21f96-015a-70bc-be70-117f500f7548', '01a21f96-0149-7978-b9b5-06c0fb7870af', 'ORGANIZATION', 'BUDGET', 'COST', 'MONTHLY', 1000000000000, '{500000000,1000000000,2000000000,3000000000,5000000000,8000000000,13000000000,21000000000}', 1, 1, '2026-11-01 00:00:00+00', '2026-12-01 00:00:00+00', DEFAULT, 880000270, 320000000, '{500000000}', false),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015f-7795-a16e-39a9b6fbca1f', '01a21f96-015e-71d7-be78-5babe76b3b0d', '01a21f96-014c-70b0-8834-dcd9181a2838', 'WORKSPACE', 'BUDGET', 'TOKENS', 'WEEKLY', 10000000, '{100,1000,2000,4000,8000}', 1, 1, '2026-11-22 00:00:00+00', '2026-11-29 00:00:00+00', DEFAULT, 578, 112, '{100}', false),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0163-73e7-a6e4-4d73478b7202', '01a21f96-0161-7f33-a167-0acc240187ba', '01a21f96-0149-7978-b9b5-06c0fb7870af', 'ORGANIZATION', 'RATE', 'REQUESTS', 'DAY', 1000000, '{}', 1, 1, '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', DEFAULT, 180, 0, '{}', false);


INSERT INTO public.dropped_charges VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-010c-7c39-b257-677519f26fec', 1, 3, 6, 1500000000);


INSERT INTO public.dropped_usage_months VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '2026-11-01 00:00:00+00', 3, 6, 0, 0, 0, 1500000000);


INSERT INTO public.goose_db_version VALUES
	(1, 0, true, '2026-11-28 00:37:33.511077'),
	(2, 1, true, '2026-11-28 00:37:33.529227'),
	(3, 2, true, '2026-11-28 00:37:33.542421'),
	(4, 3, true, '2026-11-28 00:37:33.555194'),
	(5, 4, true, '2026-11-28 00:37:33.568846'),
	(6, 5, true, '2026-11-28 00:37:33.581863'),
	(7, 6, true, '2026-11-28 00:37:33.590022'),
	(8, 7, true, '2026-11-28 00:37:33.603889'),
	(9, 8, true, '2026-11-28 00:37:33.61483'),
	(10, 9, true, '2026-11-28 00:37:33.632129'),
	(11, 10, true, '2026-11-28 00:37:33.640537'),
	(12, 11, true, '2026-11-28 00:37:33.643501'),
	(13, 12, true, '2026-11-28 00:37:33.646185');


INSERT INTO public.jobs VALUES
	('sweep_reservations', 'maintenance', 'every 10s, and when a worker takes the lead; only if a reservation has expired', '2026-11-28 00:37:33.984035+00', NULL, NULL, NULL, NULL, NULL, 0, 0),
	('roll_up_usage', 'usage', 'every 1m0s, and when a worker takes the lead; only if there is new usage', '2026-11-28 00:37:33.988689+00', NULL, NULL, NULL, NULL, NULL, 0, 0),
	('create_usage_partitions', 'maintenance', 'every 24h0m0s, and when a worker takes the lead', '2026-11-28 00:37:33.988879+00', NULL, NULL, NULL, NULL, NULL, 0, 0),
	('clean_up', 'maintenance', 'every 1h0m0s, and when a worker takes the lead', '2026-11-28 00:37:33.989055+00', NULL, NULL, NULL, NULL, NULL, 0, 0),
	('close_periods', 'resets', 'Sundays and the 1st at 00:00 UTC, and when a worker takes the lead; every 10m0s, at 5, 15 and so on, for what was missed', '2026-11-28 00:37:33.989222+00', NULL, NULL, NULL, NULL, NULL, 0, 0),
	('dispatch_alerts', 'mail', 'when mail is due; every worker is notified of new mail, and looks every 1m0s for mail of which no notification came', '2026-11-28 00:38:34.434304+00', 'SUCCEEDED', '2026-11-28 00:37:34.444687+00', '2026-11-28 00:37:34.516302+00', NULL, '2026-11-28 00:37:34.516302+00', 1, 0);


INSERT INTO public.limits VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005e-73ae-b767-deedb832658f', NULL, NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 120000000000, '{30000000000,60000000000,96000000000}', 1, '2026-11-28 00:37:33.917969+00', '2026-11-28 00:37:33.917969+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0064-7760-8f3b-bacec9f6df2f', NULL, NULL, DEFAULT, DEFAULT, 'RATE', 'REQUESTS', 'HOUR', 200000, '{}', 1, '2026-11-28 00:37:33.924367+00', '2026-11-28 00:37:33.924367+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006d-7be3-9e1a-a97589a6b72e', '01a21f96-0067-7137-bd65-8fbf4854566a', NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 40000000000, '{20000000000,32000000000}', 1, '2026-11-28 00:37:33.933658+00', '2026-11-28 00:37:33.933658+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0070-76b4-b023-6ab18b454c98', '01a21f96-006f-7985-a4d1-66312d552a9f', NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 9000000000, '{4500000000,7200000000}', 1, '2026-11-28 00:37:33.936341+00', '2026-11-28 00:37:33.936341+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-007f-749f-a515-d760a9570bd2', NULL, '01a21f96-0079-7a97-8e8b-81e2c510094b', DEFAULT, DEFAULT, 'RATE', 'REQUESTS', 'HOUR', 50000, '{}', 1, '2026-11-28 00:37:33.951201+00', '2026-11-28 00:37:33.951201+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0082-7981-a9da-75af26187447', NULL, '01a21f96-0081-756c-b18b-15cd105bf2ff', DEFAULT, DEFAULT, 'RATE', 'TOKENS', 'MINUTE', 1000000, '{}', 1, '2026-11-28 00:37:33.954519+00', '2026-11-28 00:37:33.954519+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0085-78a7-929d-20fc64bf5cd4', NULL, '01a21f96-0084-7610-8309-45160c206fa8', DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 8000000000, '{4000000000,6400000000}', 1, '2026-11-28 00:37:33.957514+00', '2026-11-28 00:37:33.957514+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0087-7943-9011-dea84c4aa247', NULL, '01a21f96-0086-79db-9d01-2cf92d61b0c1', DEFAULT, DEFAULT, 'RATE', 'REQUESTS', 'MINUTE', 400, '{}', 1, '2026-11-28 00:37:33.959562+00', '2026-11-28 00:37:33.959562+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-008d-7599-a02a-b4dd9a1d96af', NULL, '01a21f96-0088-7839-a7ac-21bba32ef76d', DEFAULT, DEFAULT, 'BUDGET', 'COST', 'WEEKLY', 1500000000, '{750000000,1200000000}', 1, '2026-11-28 00:37:33.965331+00', '2026-11-28 00:37:33.965331+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0090-746a-bbf1-35423ead636f', NULL, '01a21f96-008f-771e-96c8-442a730956f8', DEFAULT, DEFAULT, 'BUDGET', 'TOKENS', 'MONTHLY', 2000000, '{1000000,1600000}', 1, '2026-11-28 00:37:33.968258+00', '2026-11-28 00:37:33.968258+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0091-7fb6-be1b-5164e65ba90b', NULL, '01a21f96-0091-72f1-9636-4900b24b62dc', DEFAULT, DEFAULT, 'RATE', 'REQUESTS', 'DAY', 10000, '{}', 1, '2026-11-28 00:37:33.969964+00', '2026-11-28 00:37:33.969964+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0093-7b85-ac48-99ecf313f804', NULL, '01a21f96-0092-7d8d-b60a-5beff1611c3a', DEFAULT, DEFAULT, 'BUDGET', 'COST', 'NONE', 10000000000, '{1000000000}', 1, '2026-11-28 00:37:33.971703+00', '2026-11-28 00:37:33.971703+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-0109-7c35-991e-2eaa27c8bf09', NULL, NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'NONE', 50000000000, '{}', 1, '2026-11-28 00:37:34.089362+00', '2026-11-28 00:37:34.089362+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015a-70bc-be70-117f500f7548', NULL, NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 1000000000000, '{500000000,1000000000,2000000000,3000000000,5000000000,8000000000,13000000000,21000000000}', 1, '2026-11-28 00:37:34.169929+00', '2026-11-28 00:37:34.169929+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-015e-71d7-be78-5babe76b3b0d', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, DEFAULT, DEFAULT, 'BUDGET', 'TOKENS', 'WEEKLY', 10000000, '{100,1000,2000,4000,8000}', 1, '2026-11-28 00:37:34.174023+00', '2026-11-28 00:37:34.174023+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0161-7f33-a167-0acc240187ba', NULL, NULL, DEFAULT, DEFAULT, 'RATE', 'REQUESTS', 'DAY', 1000000, '{}', 1, '2026-11-28 00:37:34.17786+00', '2026-11-28 00:37:34.17786+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0165-7bfb-9349-12dcf28e62c9', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, DEFAULT, DEFAULT, 'RATE', 'TOKENS', 'DAY', 10000000, '{}', 1, '2026-11-28 00:37:34.181622+00', '2026-11-28 00:37:34.181622+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0170-7c5e-b3a4-af26a3fb36d0', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, DEFAULT, 'BUDGET', 'COST', 'MONTHLY', 1210000000, '{100000000,250000000,500000000}', 1, '2026-11-28 00:37:34.192569+00', '2026-11-28 00:37:34.192569+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04a4-77ef-8c1d-7d748bd751f1', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, DEFAULT, DEFAULT, 'BUDGET', 'COST', 'NONE', 50000000000, '{}', 2, '2026-11-28 00:37:35.012471+00', '2026-11-28 00:37:35.018621+00');


INSERT INTO public.mail_calls VALUES
	('01a21f96-04cd-726e-9ddc-234502ed1535', 0, NULL, NULL, '2100-01-01 00:00:00+00', NULL);


INSERT INTO public.mail_pace VALUES
	(true, '2026-11-28 00:37:34.508348+00');


INSERT INTO public.mails VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-04cd-74c4-9cce-20a9ffde4f1d', '01a21f96-04cd-726e-9ddc-234502ed1535', 1, '{"to": "team@full.test"}');


INSERT INTO public.members VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0058-7b1e-bfa5-ee9e2e3ec00a', 'finance@demo.test', 'Fiona Finance', 'OWNER', '2026-11-28 00:37:33.912775+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005b-7785-ba3e-7d51be0b2caa', 'platform@demo.test', 'Paul Platform', 'ADMIN', '2026-11-28 00:37:33.915534+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-005c-73ae-82f2-267b3c3bea46', 'research@demo.test', 'Rita Research', 'MEMBER', '2026-11-28 00:37:33.916291+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00ef-750e-ba48-289b3459c227', 'owner@dropped.test', NULL, 'OWNER', '2026-11-28 00:37:34.063411+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0150-761c-8333-4ba5ae2641d1', 'owner@full.test', NULL, 'OWNER', '2026-11-28 00:37:34.160446+00');


INSERT INTO public.organizations VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', 'Demo', 'demo', 'ENTERPRISE', false, '2026-11-28 00:37:33.902487+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', 'dropped', 'dropped', 'ENTERPRISE', false, '2026-11-28 00:37:34.043174+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'full', 'full', 'ENTERPRISE', false, '2026-11-28 00:37:34.153689+00');


INSERT INTO public.outbox_mails VALUES
	('01a21f96-02ae-7228-9de5-dc2d49adaae2', 'bursar-01a21f96-0299-7d26-84b7-667d4a2891f1/0', 'owner@full.test', '[Bursar] Approaching: key "key", 8 % of its monthly budget of $1.21 (full)', '<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>[Bursar] Approaching: key &#34;key&#34;, 8 % of its monthly budget of $1.21 (full)</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .pad { padding-left: 20px !important; padding-right: 20px !important; }
  .label { width: 96px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #101418 !important; }
  .card { background-color: #1a2027 !important; border-color: #2c343d !important; }
  .strong { color: #f2f5f8 !important; }
  .body { color: #c9d1d9 !important; }
  .quiet { color: #93a0ad !important; }
  .line { border-color: #2c343d !important; }
  .track { background-color: #323b45 !important; }
  .approaching { background-color: #e5a13a !important; }
  .exhausted { background-color: #ef6460 !important; }
  .reset { background-color: #4fb57c !important; }
  .reset-note { background-color: #16281e !important; border-color: #4fb57c !important; }
  .approaching-note { background-color: #2c2517 !important; border-color: #e5a13a !important; }
  .exhausted-note { background-color: #33191b !important; border-color: #ef6460 !important; }
  .reset-tag { background-color: #1a3626 !important; color: #86d6a8 !important; }
  .approaching-tag { background-color: #3a2d12 !important; color: #f2bf66 !important; }
  .exhausted-tag { background-color: #451f21 !important; color: #ff9d99 !important; }
  .button { background-color: #f2f5f8 !important; }
  .button-text { color: #14191f !important; }
  .mark { background-color: #f2f5f8 !important; color: #14191f !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f3f5f7;-webkit-text-size-adjust:100%;font-family:-apple-system,BlinkMacSystemFont,''Segoe UI'',Roboto,Helvetica,Arial,sans-serif;">
<div style="display:none;max-height:0;overflow:hidden;opacity:0;">$0.12 of $1.21 used. Nothing is blocked yet.</div>
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f5f7" style="background-color:#f3f5f7;">
<tr><td align="center" style="padding:32px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left;">
<tr><td style="padding:0 4px 14px 4px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="mark" width="24" height="24" align="center" bgcolor="#14191f" style="width:24px;height:24px;background-color:#14191f;color:#ffffff;border-radius:6px;font-size:14px;line-height:24px;font-weight:700;">B</td>
<td class="strong" style="padding-left:10px;color:#14191f;font-size:15px;line-height:24px;font-weight:600;">Bursar</td>
<td align="right" style="font-size:12px;line-height:24px;"><span class="approaching-tag" style="display:inline-block;padding:0 10px;background-color:#fbe6c4;color:#7a4a00;border-radius:12px;font-size:12px;line-height:24px;font-weight:600;">Approaching</span></td>
</tr></table>
</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #dfe4e9;border-radius:12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;">
<tr><td class="pad" style="padding:28px 32px 0 32px;">
<h1 class="strong" style="margin:0;color:#14191f;font-size:22px;line-height:30px;font-weight:650;letter-spacing:-0.01em;">8 % of the monthly budget used</h1>
<p class="body" dir="auto" style="margin:8px 0 0 0;color:#3b4650;font-size:15px;line-height:22px;overflow-wrap:anywhere;word-break:break-word;"><span class="quiet" style="color:#66727e;">API key</span> <strong class="strong" style="color:#14191f;font-weight:600;"><bdi>key</bdi></strong> <span class="quiet" style="color:#66727e;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px;">bsr_0hDzYi…</span><br><span class="quiet" style="color:#66727e;">Workspace</span> <bdi>work</bdi><br><span class="quiet" style="color:#66727e;">Organization</span> <bdi>full</bdi></p>
</td></tr>
<tr><td class="pad" style="padding:26px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="quiet" style="color:#66727e;font-size:15px;line-height:28px;"><span class="strong" style="color:#14191f;font-size:24px;font-weight:650;letter-spacing:-0.01em;">$0.12</span> <span style="white-space:nowrap;">of $1.21</span></td>
<td class="strong" align="right" valign="bottom" style="color:#14191f;font-size:15px;line-height:28px;font-weight:600;white-space:nowrap;">9 %</td>
</tr></table>
<table role="presentation" aria-label="9 % used" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:8px;border-collapse:separate;border-radius:5px;overflow:hidden;"><tr>
<td class="approaching" width="9%" height="10" bgcolor="#d98a1c" style="width:9%;height:10px;background-color:#d98a1c;font-size:0;line-height:10px;">&nbsp;</td>
<td class="track" width="91%" height="10" bgcolor="#e6eaee" style="width:91%;height:10px;background-color:#e6eaee;font-size:0;line-height:10px;">&nbsp;</td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:24px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="approaching-note" bgcolor="#fdf5e7" style="background-color:#fdf5e7;border-left:3px solid #d98a1c;border-radius:0 8px 8px 0;padding:14px 18px;">
<p class="strong" style="margin:0;color:#14191f;font-size:15px;line-height:22px;font-weight:600;">Nothing is blocked yet.</p>
<p class="body" style="margin:4px 0 0 0;color:#3b4650;font-size:14px;line-height:21px;">Once all of it is used, requests with this API key are refused with HTTP 412 until the budget resets on Tuesday 1 December 2026, 00:00 UTC, or someone raises it, resets it by hand or deletes it.</p>
</td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:18px 32px 0 32px;">
<table width="100%" cellpadding="0" cellspacing="0" border="0">
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Budget</th>
<td class="body line" valign="top" style="padding:9px 0;color:#3b4650;font-size:14px;line-height:20px;">$1.21 a month</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Left</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">$1.09</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Alert set at</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">$0.10 (8 %)</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Counted since</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Sunday 1 November 2026, 00:00 UTC</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Resets</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Tuesday 1 December 2026, 00:00 UTC</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Alert raised</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Saturday 28 November 2026, 00:37 UTC</td>
</tr>
</table>
</td></tr>
<tr><td style="padding:0;font-size:0;line-height:28px;height:28px;">&nbsp;</td></tr>
</table>
</td></tr>
<tr><td class="quiet" style="padding:16px 4px 0 4px;color:#66727e;font-size:12px;line-height:18px;overflow-wrap:anywhere;word-break:break-word;">You receive this as an owner or admin of full, as the creator of the key, or because you were added to the recipients.<br>Alert alt_01a21f9602557a9b87686b454ef91fb7</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
', '8 % of the monthly budget used

API key:       key (bsr_0hDzYi…)
Workspace:     work
Organization:  full

[##.......................] 9 %
$0.12 of $1.21

Nothing is blocked yet.
Once all of it is used, requests with this API key are refused with HTTP 412 until the budget resets on Tuesday 1 December 2026, 00:00 UTC, or someone raises it, resets it by hand or deletes it.

Budget:        $1.21 a month
Left:          $1.09
Alert set at:  $0.10 (8 %)
Counted since: Sunday 1 November 2026, 00:00 UTC
Resets:        Tuesday 1 December 2026, 00:00 UTC
Alert raised:  Saturday 28 November 2026, 00:37 UTC

-- 
You receive this as an owner or admin of full, as the creator of the key, or because you were added to the recipients.
Alert alt_01a21f9602557a9b87686b454ef91fb7
', '2026-11-28 00:37:34.510233+00'),
	('01a21f96-02ae-7e9b-b295-0f85a72cb154', 'bursar-01a21f96-0299-7d26-84b7-667d4a2891f1/1', 'owner@full.test', '[Bursar] Approaching: workspace "work", less than 1 % of its weekly budget of 10,000,000 tokens (full)', '<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>[Bursar] Approaching: workspace &#34;work&#34;, less than 1 % of its weekly budget of 10,000,000 tokens (full)</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .pad { padding-left: 20px !important; padding-right: 20px !important; }
  .label { width: 96px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #101418 !important; }
  .card { background-color: #1a2027 !important; border-color: #2c343d !important; }
  .strong { color: #f2f5f8 !important; }
  .body { color: #c9d1d9 !important; }
  .quiet { color: #93a0ad !important; }
  .line { border-color: #2c343d !important; }
  .track { background-color: #323b45 !important; }
  .approaching { background-color: #e5a13a !important; }
  .exhausted { background-color: #ef6460 !important; }
  .reset { background-color: #4fb57c !important; }
  .reset-note { background-color: #16281e !important; border-color: #4fb57c !important; }
  .approaching-note { background-color: #2c2517 !important; border-color: #e5a13a !important; }
  .exhausted-note { background-color: #33191b !important; border-color: #ef6460 !important; }
  .reset-tag { background-color: #1a3626 !important; color: #86d6a8 !important; }
  .approaching-tag { background-color: #3a2d12 !important; color: #f2bf66 !important; }
  .exhausted-tag { background-color: #451f21 !important; color: #ff9d99 !important; }
  .button { background-color: #f2f5f8 !important; }
  .button-text { color: #14191f !important; }
  .mark { background-color: #f2f5f8 !important; color: #14191f !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f3f5f7;-webkit-text-size-adjust:100%;font-family:-apple-system,BlinkMacSystemFont,''Segoe UI'',Roboto,Helvetica,Arial,sans-serif;">
<div style="display:none;max-height:0;overflow:hidden;opacity:0;">101 of 10,000,000 tokens used. Nothing is blocked yet.</div>
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f5f7" style="background-color:#f3f5f7;">
<tr><td align="center" style="padding:32px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;text-align:left;">
<tr><td style="padding:0 4px 14px 4px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="mark" width="24" height="24" align="center" bgcolor="#14191f" style="width:24px;height:24px;background-color:#14191f;color:#ffffff;border-radius:6px;font-size:14px;line-height:24px;font-weight:700;">B</td>
<td class="strong" style="padding-left:10px;color:#14191f;font-size:15px;line-height:24px;font-weight:600;">Bursar</td>
<td align="right" style="font-size:12px;line-height:24px;"><span class="approaching-tag" style="display:inline-block;padding:0 10px;background-color:#fbe6c4;color:#7a4a00;border-radius:12px;font-size:12px;line-height:24px;font-weight:600;">Approaching</span></td>
</tr></table>
</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background-color:#ffffff;border:1px solid #dfe4e9;border-radius:12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;">
<tr><td class="pad" style="padding:28px 32px 0 32px;">
<h1 class="strong" style="margin:0;color:#14191f;font-size:22px;line-height:30px;font-weight:650;letter-spacing:-0.01em;">Less than 1 % of the weekly budget used</h1>
<p class="body" dir="auto" style="margin:8px 0 0 0;color:#3b4650;font-size:15px;line-height:22px;overflow-wrap:anywhere;word-break:break-word;"><span class="quiet" style="color:#66727e;">Workspace</span> <strong class="strong" style="color:#14191f;font-weight:600;"><bdi>work</bdi></strong><br><span class="quiet" style="color:#66727e;">Organization</span> <bdi>full</bdi></p>
</td></tr>
<tr><td class="pad" style="padding:26px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="quiet" style="color:#66727e;font-size:15px;line-height:28px;"><span class="strong" style="color:#14191f;font-size:24px;font-weight:650;letter-spacing:-0.01em;">101</span> <span style="white-space:nowrap;">of 10,000,000 tokens</span></td>
<td class="strong" align="right" valign="bottom" style="color:#14191f;font-size:15px;line-height:28px;font-weight:600;white-space:nowrap;">less than 1 %</td>
</tr></table>
<table role="presentation" aria-label="less than 1 % used" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:8px;border-collapse:separate;border-radius:5px;overflow:hidden;"><tr>
<td class="approaching" width="1%" height="10" bgcolor="#d98a1c" style="width:1%;height:10px;background-color:#d98a1c;font-size:0;line-height:10px;">&nbsp;</td>
<td class="track" width="99%" height="10" bgcolor="#e6eaee" style="width:99%;height:10px;background-color:#e6eaee;font-size:0;line-height:10px;">&nbsp;</td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:24px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="approaching-note" bgcolor="#fdf5e7" style="background-color:#fdf5e7;border-left:3px solid #d98a1c;border-radius:0 8px 8px 0;padding:14px 18px;">
<p class="strong" style="margin:0;color:#14191f;font-size:15px;line-height:22px;font-weight:600;">Nothing is blocked yet.</p>
<p class="body" style="margin:4px 0 0 0;color:#3b4650;font-size:14px;line-height:21px;">Once all of it is used, requests with any API key of this workspace are refused with HTTP 412 until the budget resets on Sunday 29 November 2026, 00:00 UTC, or someone raises it, resets it by hand or deletes it.</p>
</td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:18px 32px 0 32px;">
<table width="100%" cellpadding="0" cellspacing="0" border="0">
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Budget</th>
<td class="body line" valign="top" style="padding:9px 0;color:#3b4650;font-size:14px;line-height:20px;">10,000,000 tokens a week</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Left</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">9,999,899 tokens</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Alert set at</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">100 tokens (less than 1 %)</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Counted since</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Sunday 22 November 2026, 00:00 UTC</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Resets</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Sunday 29 November 2026, 00:00 UTC</td>
</tr>
<tr>
<th class="label quiet line" scope="row" width="120" align="left" valign="top" style="width:120px;padding:9px 12px 9px 0;border-top:1px solid #eaedf1;color:#66727e;font-size:14px;line-height:20px;font-weight:400;">Alert raised</th>
<td class="body line" valign="top" style="padding:9px 0;border-top:1px solid #eaedf1;color:#3b4650;font-size:14px;line-height:20px;">Saturday 28 November 2026, 00:37 UTC</td>
</tr>
</table>
</td></tr>
<tr><td style="padding:0;font-size:0;line-height:28px;height:28px;">&nbsp;</td></tr>
</table>
</td></tr>
<tr><td class="quiet" style="padding:16px 4px 0 4px;color:#66727e;font-size:12px;line-height:18px;overflow-wrap:anywhere;word-break:break-word;">You receive this as an owner or admin of full, or because you were added to the recipients.<br>Alert alt_01a21f9602757a3598ae1b591f3b23fe</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
', 'Less than 1 % of the weekly budget used

Workspace:     work
Organization:  full

[#........................] less than 1 %
101 of 10,000,000 tokens

Nothing is blocked yet.
Once all of it is used, requests with any API key of this workspace are refused with HTTP 412 until the budget resets on Sunday 29 November 2026, 00:00 UTC, or someone raises it, resets it by hand or deletes it.

Budget:        10,000,000 tokens a week
Left:          9,999,899 tokens
Alert set at:  100 tokens (less than 1 %)
Counted since: Sunday 22 November 2026, 00:00 UTC
Resets:        Sunday 29 November 2026, 00:00 UTC
Alert raised:  Saturday 28 November 2026, 00:37 UTC

-- 
You receive this as an owner or admin of full, or because you were added to the recipients.
Alert alt_01a21f9602757a3598ae1b591f3b23fe
', '2026-11-28 00:37:34.510973+00');


INSERT INTO public.recipients VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006f-7985-a4d1-66312d552a9f', NULL, DEFAULT, 'research-leads@demo.test', DEFAULT, '2026-11-28 00:37:33.938786+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', NULL, '01a21f96-0169-79a5-abd4-558f6a40e991', DEFAULT, 'team@full.test', DEFAULT, '2026-11-28 00:37:35.042147+00');


INSERT INTO public.reservation_sweeps VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '2026-11-28 00:37:34.201198+00');


INSERT INTO public.reservations VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0179-7d6d-a062-0634155dc7b9', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-0', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.201198+00', '2026-11-28 22:50:54.201198+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0197-7e71-9e80-e4d0cb07bdcf', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-0', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.231627+00', '2026-11-28 22:50:54.231627+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01b0-737d-a7e8-9efd0c9cd2a9', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-0', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.256234+00', '2026-11-28 22:50:54.256234+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01b0-7c78-8c8e-fae5ae19ee51', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-0', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.256234+00', '2026-11-28 22:50:54.256234+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01d0-7838-b3a3-ed17d05d67c8', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-1', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.288832+00', '2026-11-28 22:50:54.288832+00', '2026-11-28 00:37:34.303791+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01d4-7248-820e-6f50ac45c1b7', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-1', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.292807+00', '2026-11-28 22:50:54.292807+00', '2026-11-28 00:37:34.343103+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01d4-7c5a-86dd-1b1d27c8989d', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-1', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.292807+00', '2026-11-28 22:50:54.292807+00', '2026-11-28 00:37:34.343103+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01fe-7424-ac82-491e141b35d3', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-1', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.334971+00', '2026-11-28 22:50:54.334971+00', '2026-11-28 00:37:34.345933+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-020a-7f7d-9c80-d271abca1260', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-2', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.346695+00', '2026-11-29 00:30:54.366455+00', '2026-11-28 00:37:34.378178+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-021a-74a1-9c64-2cd3ca4943d4', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-2', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.362982+00', '2026-11-29 00:30:54.376839+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-021a-7c0a-ba5b-fdc5fa446152', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-2', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.362982+00', '2026-11-29 00:30:54.376839+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0220-7a61-9a8b-563af3a2d163', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-2', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.368946+00', '2026-11-29 00:30:54.37744+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-024b-7613-8c46-d910c8b29e68', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-3', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.411572+00', '2026-11-28 22:50:54.411572+00', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-024b-7406-88fc-71288aca07c9', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-3', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.411572+00', '2026-11-28 22:50:54.411572+00', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-024e-7464-afe4-1436b9d92234', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-3', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.4146+00', '2026-11-28 22:50:54.4146+00', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-024e-7b8c-92e2-e912c8c88003', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-3', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.4146+00', '2026-11-28 22:50:54.4146+00', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-027b-74e2-a52e-3cd0b216abff', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-4', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.459895+00', '2026-11-28 22:50:54.459895+00', '2026-11-28 00:37:34.470148+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-027b-7767-bbc7-61bb39a04588', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-4', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.459895+00', '2026-11-28 22:50:54.459895+00', '2026-11-28 00:37:34.470148+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-027b-71bb-90a2-cfdd2643edae', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-4', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.459895+00', '2026-11-28 22:50:54.459895+00', '2026-11-28 00:37:34.476748+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0280-77b2-915b-4eccea913e62', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-4', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.46438+00', '2026-11-28 22:50:54.46438+00', '2026-11-28 00:37:34.476748+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02b9-7ff6-a46e-2f6165f8d819', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-5', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.521675+00', '2026-11-28 22:50:54.521675+00', '2026-11-28 00:37:34.534902+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02c2-71b1-b884-8f7314ac82bd', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-5', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.530569+00', '2026-11-28 22:50:54.530569+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02c2-7a60-80d2-596981d8015c', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-5', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.530569+00', '2026-11-28 22:50:54.530569+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02c2-7246-85a4-9c1e22b72c28', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-5', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.530569+00', '2026-11-28 22:50:54.530569+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02d2-79b0-9a12-d63d6ed4860f', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-6', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.546302+00', '2026-11-28 22:50:54.546302+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02e0-762b-afaf-d53da5830134', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-6', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.560984+00', '2026-11-28 22:50:54.560984+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02e5-77ab-8f26-bd31e1f0e8ed', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-6', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.565924+00', '2026-11-28 22:50:54.565924+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02f1-7dce-83d6-2f3727f733db', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-6', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.577611+00', '2026-11-28 22:50:54.577611+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02f1-7f27-8385-0a1e00f16661', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-7', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.577611+00', '2026-11-28 22:50:54.577611+00', '2026-11-28 00:37:34.588076+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02f1-76c8-8132-057398953508', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-7', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.577611+00', '2026-11-28 22:50:54.577611+00', '2026-11-28 00:37:34.588076+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02f7-7ea6-908a-007dceaca7c0', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-7', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.583755+00', '2026-11-28 22:50:54.583755+00', '2026-11-28 00:37:34.59718+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-030e-789b-9886-bb300658893a', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-8', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.606797+00', '2026-11-29 00:30:54.615843+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-030e-7a16-8bcf-2cce9f053e77', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-8', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.606797+00', '2026-11-29 00:30:54.615843+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-030e-7925-90a8-ab6fac7e31da', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-7', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.606797+00', '2026-11-28 22:50:54.606797+00', '2026-11-28 00:37:34.612824+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0312-723c-ace1-f5d0b3ad66c2', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-8', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.610947+00', '2026-11-29 00:30:54.615843+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0323-73e9-bb52-7e7a788cd680', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-8', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.627553+00', '2026-11-29 00:30:54.640874+00', '2026-11-28 00:37:34.649002+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-039f-7719-816e-01c4fa22b4ad', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-13', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.751863+00', '2026-11-28 22:50:54.751863+00', '2026-11-28 00:37:34.761077+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-039f-74e6-874b-97a06a86d295', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-13', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.751863+00', '2026-11-28 22:50:54.751863+00', '2026-11-28 00:37:34.761077+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0335-7c49-8072-f7ee028365dc', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-9', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.645087+00', '2026-11-28 22:50:54.645087+00', '2026-11-28 00:37:34.651001+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0341-7101-b2e5-a089530ec8c5', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-9', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.657126+00', '2026-11-28 22:50:54.657126+00', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0341-7f19-bc97-f627713f69f5', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-9', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.657126+00', '2026-11-28 22:50:54.657126+00', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-034b-7270-9505-86a9bc67b94f', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-10', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.667519+00', '2026-11-28 22:50:54.667519+00', '2026-11-28 00:37:34.675181+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-034b-7c0d-ad8c-0dbb971d27a9', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-9', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.667519+00', '2026-11-28 22:50:54.667519+00', '2026-11-28 00:37:34.676384+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0357-76e5-b670-05941cfdb5bd', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-10', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.679903+00', '2026-11-28 22:50:54.679903+00', '2026-11-28 00:37:34.684914+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0359-724e-8478-0d2b18db69b7', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-10', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.681786+00', '2026-11-28 22:50:54.681786+00', '2026-11-28 00:37:34.693159+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0363-7890-afe2-cbc6c8f47cb4', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-10', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.691294+00', '2026-11-28 22:50:54.691294+00', '2026-11-28 00:37:34.697284+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0363-703e-a572-f228740a6e0a', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-11', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.691294+00', '2026-11-28 22:50:54.691294+00', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0366-792b-af6d-7f4b7c851857', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-11', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.694012+00', '2026-11-28 22:50:54.694012+00', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0372-7207-966d-20a2fed22ede', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-11', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.706664+00', '2026-11-28 22:50:54.706664+00', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0374-7226-8677-9955b576e253', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-11', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.708497+00', '2026-11-28 22:50:54.708497+00', '2026-11-28 00:37:34.712297+00');
INSERT INTO public.reservations VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-037b-7dc7-8a45-bd3ad9620bfb', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-12', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.715803+00', '2026-11-28 22:50:54.715803+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-037b-7e8c-a4a8-6238f31b4cc0', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-12', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.715803+00', '2026-11-28 22:50:54.715803+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0387-72ab-a009-c6422dd019e6', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-12', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.727583+00', '2026-11-28 22:50:54.727583+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0387-745e-bf45-ecfd00684c46', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-12', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.727583+00', '2026-11-28 22:50:54.727583+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0387-7278-b398-83609dc0bc52', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-13', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.727583+00', '2026-11-28 22:50:54.727583+00', '2026-11-28 00:37:34.746632+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-038e-75d1-bda8-408001585a71', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-13', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.734042+00', '2026-11-28 22:50:54.734042+00', '2026-11-28 00:37:34.751087+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ad-72d6-8b98-453ef96b2c81', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-14', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.765185+00', '2026-11-29 00:30:54.773719+00', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03b2-7bc4-a275-b0e41161db05', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-14', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.770346+00', '2026-11-29 00:30:54.776498+00', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03b6-7e90-a9b2-a4a3080909fa', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-14', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.774512+00', '2026-11-29 00:30:54.777569+00', '2026-11-28 00:37:34.788188+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03b6-75c5-a445-a84a06810857', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-14', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.774512+00', '2026-11-29 00:30:54.793927+00', '2026-11-28 00:37:34.801984+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d4-741f-9502-ced5d4484cd6', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-15', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.80447+00', '2026-11-28 22:50:54.80447+00', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d4-79e6-a1c8-3bf284500a85', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-15', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.80447+00', '2026-11-28 22:50:54.80447+00', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d6-7e16-8c47-20d5a0e7e5ce', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-15', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.806656+00', '2026-11-28 22:50:54.806656+00', '2026-11-28 00:37:34.812942+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e6-75e1-a186-114a77263c3c', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-15', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.822135+00', '2026-11-28 22:50:54.822135+00', '2026-11-28 00:37:34.825693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e6-7fa4-adb3-2d4de7f7df15', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-16', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.822135+00', '2026-11-28 22:50:54.822135+00', '2026-11-28 00:37:34.827955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e7-718e-aadd-111aa741b7ee', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-16', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.823798+00', '2026-11-28 22:50:54.823798+00', '2026-11-28 00:37:34.827955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ec-78f1-a41f-ba1d69bef46b', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-16', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.828909+00', '2026-11-28 22:50:54.828909+00', '2026-11-28 00:37:34.839331+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03f9-70e8-8fa0-7849d11513b1', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-16', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.841025+00', '2026-11-28 22:50:54.841025+00', '2026-11-28 00:37:34.853037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0401-7ed9-ba7b-6082598c852c', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-17', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.849416+00', '2026-11-28 22:50:54.849416+00', '2026-11-28 00:37:34.853495+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0401-7df6-9ebc-6ebba0460e6e', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-17', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.849416+00', '2026-11-28 22:50:54.849416+00', '2026-11-28 00:37:34.853495+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0409-7f54-bf2a-cc864ee7facc', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-17', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.857221+00', '2026-11-28 22:50:54.857221+00', '2026-11-28 00:37:34.868809+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0419-7944-a66d-3686d68e0a2a', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-18', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.873142+00', '2026-11-28 22:50:54.873142+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-041c-7f6b-a4e3-b4a24aed3fbe', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-18', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.876172+00', '2026-11-28 22:50:54.876172+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0419-7ca9-89d1-743fcbccc024', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-17', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.873142+00', '2026-11-28 22:50:54.873142+00', '2026-11-28 00:37:34.878831+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0426-7ecf-a8ad-c52c567709b4', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-18', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.886055+00', '2026-11-28 22:50:54.886055+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0427-7357-81d1-72aa941c741d', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-19', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.887809+00', '2026-11-28 22:50:54.887809+00', '2026-11-28 00:37:34.892693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-042d-76b9-a9e5-f87e7e7cc973', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-19', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.893595+00', '2026-11-28 22:50:54.893595+00', '2026-11-28 00:37:34.898093+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0430-7de6-931c-d0c0a04d4a33', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-18', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'HELD', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.896362+00', '2026-11-28 22:50:54.896362+00', NULL),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0430-75f3-8b06-0765db70aaff', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-19', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.896362+00', '2026-11-28 22:50:54.896362+00', '2026-11-28 00:37:34.902433+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-043c-775c-964a-644a66c0ee70', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-19', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.908835+00', '2026-11-28 22:50:54.908835+00', '2026-11-28 00:37:34.913601+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-043c-7743-ae29-38d503ecc346', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-20', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.908835+00', '2026-11-29 00:30:54.914121+00', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-043b-75de-abcd-d87bbda3904f', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-20', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.907019+00', '2026-11-29 00:30:54.914121+00', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0442-7035-97ef-782f52dc6780', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-20', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.914515+00', '2026-11-29 00:30:54.920614+00', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0459-7212-945b-c06ee1364e73', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-1-21', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.937234+00', '2026-11-28 22:50:54.937234+00', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0455-7715-b07a-7d61ffbd37f3', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-3-20', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.933542+00', '2026-11-29 00:30:54.943272+00', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0459-74d6-9654-e5cb504c591a', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-21', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.937234+00', '2026-11-28 22:50:54.937234+00', '2026-11-28 00:37:34.943906+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0461-7ad4-850e-ef51fbd6889e', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-21', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.945814+00', '2026-11-28 22:50:54.945814+00', '2026-11-28 00:37:34.95476+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0470-7ce5-ba43-5f539d4bf343', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-22', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.960328+00', '2026-11-28 22:50:54.960328+00', '2026-11-28 00:37:34.981261+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0486-7fed-9f1b-a4d277252286', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-0-22', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'RELEASED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.982198+00', '2026-11-28 22:50:54.982198+00', '2026-11-28 00:37:34.9907+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-048f-7f4e-aaff-96cac80997d1', '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', 'budget-2-23', '\xbf228692e623498a931c9cba98d2f459584b1e2b491c63b96a5a7b98186ae26d', 'SETTLED', 1, 7, 20000000, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '2026-11-28 00:37:34.991321+00', '2026-11-28 22:50:54.991321+00', '2026-11-28 00:37:34.994927+00');


INSERT INTO public.river_job VALUES
	(1, 'completed', 1, 1, '2026-11-28 00:37:34.442219+00', '2026-11-28 00:37:34.434304+00', '2026-11-28 00:37:34.517143+00', '2026-11-28 00:37:34.434304+00', 1, '{}', '{vm_2026_11_28T00_37_33_983902}', NULL, 'dispatch_alerts', '{"schedule": "when mail is due; every worker is notified of new mail, and looks every 1m0s for mail of which no notification came"}', 'mail', '{}', '\xf1b7ca27ee513a3d021964deda4faed76659736d2e5cf3bad01fb0d5b6e7742d', B'11110101');


INSERT INTO public.river_leader VALUES
	('2026-11-28 00:37:33.995999+00', '2026-11-28 00:37:48.995999+00', 'vm_2026_11_28T00_37_33_983902', 'default');


INSERT INTO public.river_migration VALUES
	('main', 1, '2026-11-28 00:37:33.649501+00'),
	('main', 2, '2026-11-28 00:37:33.652283+00'),
	('main', 3, '2026-11-28 00:37:33.659173+00'),
	('main', 4, '2026-11-28 00:37:33.660305+00'),
	('main', 5, '2026-11-28 00:37:33.663136+00'),
	('main', 6, '2026-11-28 00:37:33.667815+00'),
	('main', 7, '2026-11-28 00:37:33.670152+00'),
	('main', 8, '2026-11-28 00:37:33.677553+00');


INSERT INTO public.river_notification VALUES
	(1, '2026-11-28 00:37:35.053606+00', '{}', 'full');


INSERT INTO public.river_queue VALUES
	('mail', '2026-11-28 00:37:33.99665+00', '{}', NULL, '2026-11-28 00:37:33.99665+00'),
	('resets', '2026-11-28 00:37:33.999079+00', '{}', NULL, '2026-11-28 00:37:33.999079+00'),
	('usage', '2026-11-28 00:37:34.000278+00', '{}', NULL, '2026-11-28 00:37:34.000278+00'),
	('maintenance', '2026-11-28 00:37:34.001958+00', '{}', NULL, '2026-11-28 00:37:34.001958+00');


INSERT INTO public.rollup_watermarks VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', 3, '2026-11-28 00:37:34.142848+00');


INSERT INTO public.schema_objects VALUES
	('FUNCTION', 'current_organization()', 'd612750e1e57d6697eea9fe26de489c831544a0283c456ce5e0bd6b250fedced', 1, '2026-11-28 00:37:33.68208+00'),
	('FUNCTION', 'presented_token_hash()', '71fd4eb6369af551d46ff9953bdaf26f2f3ba0590aa8a9e62225a56e438f14c3', 1, '2026-11-28 00:37:33.68277+00'),
	('FUNCTION', 'presented_email()', 'ee72cdfa33e8be4464954d1e0cb3cd07b09fea2db0b833062f32f952101ba9f7', 1, '2026-11-28 00:37:33.683396+00'),
	('POLICY', 'access_tokens_authenticator_policy on access_tokens', 'b28ded24c11ff71230f53921e15359d30994c0ad48746b240467f5f2ca748f13', 1, '2026-11-28 00:37:33.694958+00'),
	('POLICY', 'access_tokens_operator_policy on access_tokens', '554c15c33cad5751b334bc883f3d2a7370ce071ca7960ac6ccbc7e25eb4e2db3', 1, '2026-11-28 00:37:33.695946+00'),
	('POLICY', 'access_tokens_organization_policy on access_tokens', 'fbe821df79c489a6d605e2e5081c881867a4f62384840091ce3d81013de21c32', 1, '2026-11-28 00:37:33.697056+00'),
	('POLICY', 'alert_deliveries_operator_policy on alert_deliveries', 'ad755e6f98a2f95f9b862b6908041af682230a51a00c18c484c2b09cd4356ad9', 1, '2026-11-28 00:37:33.698007+00'),
	('POLICY', 'alert_deliveries_organization_policy on alert_deliveries', '4967cffb7c430d441442cf7e54a42539f85c25da69a2cb85b6d56467e530a7f3', 1, '2026-11-28 00:37:33.699048+00'),
	('POLICY', 'alerts_operator_policy on alerts', 'a4315872380a50842583005420e45c798521b750b783d5a987d1843d58209c28', 1, '2026-11-28 00:37:33.700204+00'),
	('POLICY', 'alerts_organization_policy on alerts', '6d83d777dc8a1c430d0db2bf5fa7dbb011aa854e4434230d1b36edadb7cf4d20', 1, '2026-11-28 00:37:33.701518+00'),
	('POLICY', 'api_key_secrets_operator_policy on api_key_secrets', '3584db416afae3008990491bcb9fd9b681320648558fcafc51d08c86b9b349b5', 1, '2026-11-28 00:37:33.702582+00'),
	('POLICY', 'api_key_secrets_organization_policy on api_key_secrets', '4a15308fc68ad5053201ea8321b2a07678d660e4aab1984aae1625a109def7ed', 1, '2026-11-28 00:37:33.703554+00'),
	('POLICY', 'api_keys_operator_policy on api_keys', '15436bc96d342d967928c60909732ad10088b8d5df3890c93b682892fb1c9231', 1, '2026-11-28 00:37:33.704408+00'),
	('POLICY', 'api_keys_organization_policy on api_keys', 'f4d879b1a4618e22d04a24105c89e087436b3443d8935f59e63e68d24ae18ce9', 1, '2026-11-28 00:37:33.705422+00'),
	('POLICY', 'audit_log_operator_policy on audit_log', '8329c1c21a01ed59f282c4c6d445f98bed204a4e318729db700b1fd4a88876e5', 1, '2026-11-28 00:37:33.706541+00'),
	('POLICY', 'audit_log_organization_policy on audit_log', '536f3de9df9ad2a1e6a23fe614064be43d133bd20693b5c945e9df7538e304f3', 1, '2026-11-28 00:37:33.70738+00'),
	('POLICY', 'budget_periods_operator_policy on budget_periods', '91e422d57f2c7a6144002e964dd173cda229fe3bde0a9faca6305c5351edbf4a', 1, '2026-11-28 00:37:33.708221+00'),
	('POLICY', 'budget_periods_organization_policy on budget_periods', '7ed43ad52b0a95387b6215585a32402b024f3d26b0a51464643152fe39db24d6', 1, '2026-11-28 00:37:33.709102+00'),
	('POLICY', 'counters_operator_policy on counters', '23569a54fb8606c25b88e8536b3689afcd9f1c69c7e007203df53361cead09f5', 1, '2026-11-28 00:37:33.710091+00'),
	('POLICY', 'counters_organization_policy on counters', '2af490f18b9c7e0536a8ebb6c439783d40d8bf9e130e7240921567d28c4dd207', 1, '2026-11-28 00:37:33.711298+00'),
	('POLICY', 'dropped_charges_operator_policy on dropped_charges', '7806a8d1bad4d5a907010453d536a9349cd189f935404b6f94457cc6967e3a01', 1, '2026-11-28 00:37:33.712286+00'),
	('POLICY', 'dropped_charges_organization_policy on dropped_charges', '387ed204c434183fc4e1c9dc9c0191d87378df8112fff5a4003415eee134b90c', 1, '2026-11-28 00:37:33.713156+00'),
	('POLICY', 'dropped_usage_months_operator_policy on dropped_usage_months', 'b4bde6be08b9e28d0ae1778527785cd131898412a437bd26020bd4e291e938a1', 1, '2026-11-28 00:37:33.713986+00'),
	('POLICY', 'dropped_usage_months_organization_policy on dropped_usage_months', '97874b06fa37837d4b78fbf332113e0305e02ab6632885e852a9a41a0b634255', 1, '2026-11-28 00:37:33.714839+00'),
	('POLICY', 'jobs_operator_policy on jobs', '2953f43c4c2706a4526f94f0b2094b74c29376cd09b393d41052633c7a1ee10b', 1, '2026-11-28 00:37:33.715887+00'),
	('POLICY', 'ledger_differences_operator_policy on ledger_differences', '615b7d89e285317a258892e44a42166772d8e30d57887abe8438afdfa9c87dcf', 1, '2026-11-28 00:37:33.716832+00'),
	('POLICY', 'ledger_differences_organization_policy on ledger_differences', 'c7d14b0e963c216f180b5a06581f6802e3f72d59fd079f5d7c64b4e88fbc25c1', 1, '2026-11-28 00:37:33.717696+00'),
	('POLICY', 'limit_statuses_operator_policy on limit_statuses', '285481dcf666274677e1cf4c764a40dc04f1a14762f0f321cbabb18801d60f37', 1, '2026-11-28 00:37:33.718601+00'),
	('POLICY', 'limit_statuses_organization_policy on limit_statuses', '3d34964b53dc5313df828e40708ae244e7176a806e4b2a3f00d24d53081befa6', 1, '2026-11-28 00:37:33.719509+00'),
	('POLICY', 'limits_operator_policy on limits', '2fb17bf6eb020c5ddf6d88213cd15bc8386936e6925644e630ecf676c0e5a756', 1, '2026-11-28 00:37:33.720463+00'),
	('POLICY', 'limits_organization_policy on limits', '46fb5685db770bd2c551d158977b5d3bbe6dcc10819807740006625535da417a', 1, '2026-11-28 00:37:33.721413+00'),
	('POLICY', 'mails_operator_policy on mails', 'ee9845e463510e8ff8d10786206646aa4f13be85ca1b73fe326782c29cad77df', 1, '2026-11-28 00:37:33.722304+00'),
	('POLICY', 'mails_organization_policy on mails', '5ffe43933b37521c10b43395f3bf4a3bedab022e23ec5e9293958c359f926b48', 1, '2026-11-28 00:37:33.72315+00'),
	('POLICY', 'members_authenticator_policy on members', 'f61b4f116789293d66d77207210408ad3bea86f923455e611c802e49b7302088', 1, '2026-11-28 00:37:33.724326+00'),
	('POLICY', 'members_operator_policy on members', 'ac1b3f1d7a1571acee11bd196aa06df0201afe2584840a5dc729a44502cc34d3', 1, '2026-11-28 00:37:33.725256+00'),
	('POLICY', 'members_organization_policy on members', '00176ecf60964be882b3ef30be0c7fbc96f600b21545a12bd313ffd64dd9967b', 1, '2026-11-28 00:37:33.726201+00'),
	('POLICY', 'organizations_authenticator_policy on organizations', '07517f6a79b3c8a6c1d51dcc3d9eac16984f693d63431db7d7e47e409a64ecdd', 1, '2026-11-28 00:37:33.727282+00'),
	('POLICY', 'organizations_operator_policy on organizations', 'f9d4846544496c9c9d700d609bb4a14dc2cddcf5cab8aa67a9cfebf7b8e78902', 1, '2026-11-28 00:37:33.728369+00'),
	('POLICY', 'organizations_organization_policy on organizations', '5e0d63576203bd908c56740f2cdcd319800080c60371ac68be655963e255f952', 1, '2026-11-28 00:37:33.729439+00'),
	('POLICY', 'recipients_operator_policy on recipients', '2e65ff4084b414adbdd19bebd419a610856fe5da696e5347845e0198dfad2a77', 1, '2026-11-28 00:37:33.730289+00'),
	('POLICY', 'recipients_organization_policy on recipients', '71b62c91fe8de00cfebacbf4f078748ecaf9fa56a55205a2de66a57409d90351', 1, '2026-11-28 00:37:33.731263+00'),
	('POLICY', 'reservation_sweeps_operator_policy on reservation_sweeps', '7a300245df9d00baa1fbe3edf40cd8e1b17f7ec9452e8348cc285398666db5dc', 1, '2026-11-28 00:37:33.732114+00'),
	('POLICY', 'reservation_sweeps_organization_policy on reservation_sweeps', '7c879a4641c8e7f192f97c0ccd530016a9bcc61d2a92b87ae51128acc74f1093', 1, '2026-11-28 00:37:33.733021+00'),
	('POLICY', 'reservations_operator_policy on reservations', 'd43a11a6cd797e9cced22c055af51df5fc55437410a8f9439c2e877aad9b71ee', 1, '2026-11-28 00:37:33.733884+00'),
	('POLICY', 'reservations_organization_policy on reservations', 'cf8fb39408c14d7f4466cae50c5c0ea0ca2fa8c79635dc784c568692514bad98', 1, '2026-11-28 00:37:33.734711+00'),
	('POLICY', 'rollup_watermarks_operator_policy on rollup_watermarks', '56663e6dbc309f7ad6dee3dedb8343f3886935d7321bb553c046647fcb5f3683', 1, '2026-11-28 00:37:33.735544+00'),
	('POLICY', 'rollup_watermarks_organization_policy on rollup_watermarks', '7afaa7b797d73acff96a82ff0036aabd49c7a64d5b05bf95a5f9c23388fd7677', 1, '2026-11-28 00:37:33.736419+00'),
	('POLICY', 'suppressed_addresses_operator_policy on suppressed_addresses', '7e5a28c91d6339770f85fa83c004262bdec1845597a347a52aac963d681b0854', 1, '2026-11-28 00:37:33.737246+00'),
	('POLICY', 'suppressed_addresses_organization_policy on suppressed_addresses', 'fcad4258c9ea4d2a9a855975b1801837c97dacee60596de572ee6a98688f02ef', 1, '2026-11-28 00:37:33.738374+00'),
	('POLICY', 'usage_days_operator_policy on usage_days', 'c020afb98e95108928585f210f9458bb3d163cabe22f7df43f0aaedffce6cad5', 1, '2026-11-28 00:37:33.73954+00');
INSERT INTO public.schema_objects VALUES
	('POLICY', 'usage_days_organization_policy on usage_days', 'fecbcfdf91a6bb5a283bcc9b0a2ee9a6b76200e77f3569fe7f20ba5870328dee', 1, '2026-11-28 00:37:33.740809+00'),
	('POLICY', 'usage_event_requests_operator_policy on usage_event_requests', 'fbe84d1832ff992050f61387b08bfc5cc9b976e6a40e707cad41de02c185a4d1', 1, '2026-11-28 00:37:33.741716+00'),
	('POLICY', 'usage_event_requests_organization_policy on usage_event_requests', 'a817b5347a5e1c4c3a63a9b2246411c987b988bb422f3d85bcc89be79b6dbcd9', 1, '2026-11-28 00:37:33.742623+00'),
	('POLICY', 'usage_events_operator_policy on usage_events', '94e84bd61a32170c37098f06920b6cb662baa218eed113c6d1d637c9ba825d08', 1, '2026-11-28 00:37:33.743545+00'),
	('POLICY', 'usage_events_organization_policy on usage_events', '1d304cfdb6fb5c03ee79f3131e8ec9d622b640516b6c399aeb342e3cfc53bdcd', 1, '2026-11-28 00:37:33.744487+00'),
	('POLICY', 'usage_hours_operator_policy on usage_hours', 'b0e86a7cac8eb544eb2e4e65fc952ce64f462b67a5d7b80b4df754ea50d5900b', 1, '2026-11-28 00:37:33.745658+00'),
	('POLICY', 'usage_hours_organization_policy on usage_hours', '3d3d5d90b22b9be07884ea1ab9542614c00ce62f3d697f9d0210c340a9669bac', 1, '2026-11-28 00:37:33.746859+00'),
	('POLICY', 'usage_workspace_days_operator_policy on usage_workspace_days', '0e86f0f39b2458f074efdd17b59b0233495038b8b59445bcb8595e7889f6507d', 1, '2026-11-28 00:37:33.747727+00'),
	('POLICY', 'usage_workspace_days_organization_policy on usage_workspace_days', '03856c954f5d21b4e1545eb9c51e96a86033cc0f62f6f5b8f0db8f13218450dd', 1, '2026-11-28 00:37:33.74876+00'),
	('POLICY', 'usage_workspace_hours_operator_policy on usage_workspace_hours', '60be46e926a370b887619047f24800393090f827f1b16b2746326007fb1a0c2f', 1, '2026-11-28 00:37:33.749672+00'),
	('POLICY', 'usage_workspace_hours_organization_policy on usage_workspace_hours', '71a61ed909fbe66b7870ec87cd20f3eb3c625dde8fedd66133185a9a777b6121', 1, '2026-11-28 00:37:33.750546+00'),
	('POLICY', 'workspaces_operator_policy on workspaces', 'a45ef73e730d09d1bda2b27245d61b08b8df80c0f2c9a135a7974b36565ea109', 1, '2026-11-28 00:37:33.751408+00'),
	('POLICY', 'workspaces_organization_policy on workspaces', '1e0c84288c964f575b94e621abee0863dc5656503dbb8d4889846036c5ba178d', 1, '2026-11-28 00:37:33.752302+00'),
	('FUNCTION', 'date_delivery_status()', 'e0c2f0e7afc30e3ec3d2d01f702aa3fc04dda04832e75f9c1ac2d6cc0129ba0e', 1, '2026-11-28 00:37:33.765102+00'),
	('FUNCTION', 'notify_mail_due()', 'fda709eabcfd0aa213f4e80b566c7aa2489aeaac749501b5037c12dc27c19c33', 1, '2026-11-28 00:37:33.765812+00'),
	('FUNCTION', 'owes_alerts(numeric,bigint,bigint[],bigint[],boolean)', 'f988365d517fd94a944d4946065dc0990e96ee2974e04d57ea29de9f7e8d32a4', 1, '2026-11-28 00:37:33.766442+00'),
	('FUNCTION', 'raise_alerts(uuid,uuid[],integer[],boolean,timestamp with time zone)', 'd97fd2861dd87d47a8ae3aeb64e3ae499e464ead19c11baf35fa0abd07d1d355', 1, '2026-11-28 00:37:33.767148+00'),
	('FUNCTION', 'raise_reset_notices(uuid,uuid[],timestamp with time zone)', '8058f044219a6f4a3f3b8bad1e78693cf5c16c45045832849a7bb2f13e0f3bee', 1, '2026-11-28 00:37:33.767808+00'),
	('FUNCTION', 'recipients_of(uuid[],uuid[])', '7835833b7d471735a55eaa985b715e6ac33b30c21fc3cd82505729e3367966f3', 1, '2026-11-28 00:37:33.768408+00'),
	('FUNCTION', 'split_mail_call(uuid,timestamp with time zone)', '9b4b825ddccb722453cec343dce25c1bd496a37742efdbbabb22f991b03e6105', 1, '2026-11-28 00:37:33.768994+00'),
	('FUNCTION', 'audit_json(jsonb,text)', '1cc00893acec122a6081fa8dd32a2be6e8328faf233e179aa8ed7e4cda29abec', 1, '2026-11-28 00:37:33.769517+00'),
	('FUNCTION', 'refuse_truncate()', '38e7e2f2fc8e737fc98bc1f104a598e78460076f4558f8185bc612d0aeebb867', 1, '2026-11-28 00:37:33.769975+00'),
	('FUNCTION', 'write_audit_log()', '083b65fcba66618ff67df0750a01ac5627545b8fa72b46d23e8bc437d87862fa', 1, '2026-11-28 00:37:33.770604+00'),
	('FUNCTION', 'api_key_has(api_keys,text)', '68e144b1234894a80d9191bf3dff36616e35293cc4261843c0fbc803702e5d11', 1, '2026-11-28 00:37:33.771371+00'),
	('FUNCTION', 'api_key_status_at(api_keys,timestamp with time zone)', '1cbaf29b401a38916afcb76feb1207c957a4760bb0e4811e997b83456f3cdf52', 1, '2026-11-28 00:37:33.771933+00'),
	('FUNCTION', 'api_key_status_of(api_keys,timestamp with time zone,boolean)', '38efd4876f4ef2f6f48e880cf2cf1f1543afb53e870b1e3849a2bb4a7f6a977c', 1, '2026-11-28 00:37:33.772549+00'),
	('FUNCTION', 'external_id(text,uuid)', 'f7fb476f1f2674157da568a36a404753286fe359c559c3b5f51542005af2fe77', 1, '2026-11-28 00:37:33.773107+00'),
	('FUNCTION', 'guard_owners(uuid,uuid,member_role,boolean,uuid)', 'dc2f62a998577f9c6e850e193d9e492a8ec56f0f458cae53dcc9d3e5e5409a26', 1, '2026-11-28 00:37:33.773903+00'),
	('FUNCTION', 'keep_an_owner()', '15ac2ee382fbd5d7c1323888311a11169bf8f80012538180618aab26d86ba4bb', 1, '2026-11-28 00:37:33.774623+00'),
	('FUNCTION', 'revoke_orphaned_token()', 'a27360af8ba29e6620a863d44b50bb66f09e67cb569130fbf49ac66102c2e7df', 1, '2026-11-28 00:37:33.784298+00'),
	('FUNCTION', 'rotate_api_key(uuid,uuid,bytea,text,integer,timestamp with time zone)', '75a26b4c778eca6ba9f925b368524bb6bf9dfe119f0a161fffa9f072563d5b43', 1, '2026-11-28 00:37:33.785026+00'),
	('FUNCTION', 'uuid_v7_prefix(timestamp with time zone)', '4eb78d573f5620215c8f6232d107431cbac8e1ddc30c63dd7c7476511fc1ebf4', 1, '2026-11-28 00:37:33.785589+00'),
	('FUNCTION', 'admit_requests(scope_batch,request_batch,boolean[],integer[],timestamp with time zone,boolean)', 'efb5c5798f816de511bd18b2124033685358ae8e6b23c0614b6148b107d5d05a', 1, '2026-11-28 00:37:33.786275+00'),
	('FUNCTION', 'answer_reports(scope_batch,integer[],reservation_batch,report_decision_batch,jsonb[],boolean[],boolean[],timestamp with time zone)', 'c850a8bd6074b68bbc57079c69882c068c6a84f251216f2b78168f8f7683901f', 1, '2026-11-28 00:37:33.786943+00'),
	('FUNCTION', 'answer_reservations(scope_batch,integer[],decision_batch,jsonb[],jsonb[],boolean[],boolean[],timestamp with time zone)', '8b72c815528c0f32edc4e8ccec950626013321f8c794b318e0567e5caec9c08c', 1, '2026-11-28 00:37:33.787553+00'),
	('FUNCTION', 'api_key_denial(api_keys,timestamp with time zone)', '6f4ecbee09e132a8ffcf49a54e73d361cb8c072481d5c41380a10e4f907cd140', 1, '2026-11-28 00:37:33.788295+00'),
	('FUNCTION', 'book_usage(scope_batch,report_batch,reservation_batch,charged_counters[],report_decision_batch,timestamp with time zone)', 'c650a4bc81019a37f1c36566358959ffb79a3654f2cc6fbd8d95f1301a3e9b27', 1, '2026-11-28 00:37:33.789844+00'),
	('FUNCTION', 'charge_counters(uuid,uuid[],integer[],bigint,bigint,bigint,bigint,bigint)', '58a6a7ebe9230c53606452ea961fab9f40ed83a1a0ea31bead656e10a7be2041', 1, '2026-11-28 00:37:33.790544+00'),
	('FUNCTION', 'charge_demand(demand_batch,decision_batch,timestamp with time zone)', '08373e2be5c2d6d3ddd91577b749c1cb7b132bae97500c617ce72035fe785488', 1, '2026-11-28 00:37:33.791289+00'),
	('FUNCTION', 'check_usage(uuid[],uuid[],bytea[],uuid[],integer[],bigint[],bigint[],bigint[],boolean[],timestamp with time zone)', '4af1269aea016af3362af96563f5e2accbe8dc959075f4b6b44747c8de770ce6', 1, '2026-11-28 00:37:33.792015+00'),
	('FUNCTION', 'close_reservation(reservations,reservation_status,timestamp with time zone)', '75a4e8d13e230c0bdd30dc2ef86d54fe9c8a9f2b64f173c027a3c01d5d3f9a44', 1, '2026-11-28 00:37:33.792547+00'),
	('FUNCTION', 'counters_of_scopes(scope_batch,timestamp with time zone,boolean)', '5b2310ddf5de70a2e605d19bf734e4035c8c8f35d990e3bccd4111860a15570b', 1, '2026-11-28 00:37:33.793181+00'),
	('FUNCTION', 'current_charges(scope_batch,timestamp with time zone)', '7e1c04e4031b3105d9bcc7c0c59acaf89cdba7cda1e1e946e4d43f87abc8d0a9', 1, '2026-11-28 00:37:33.793681+00'),
	('FUNCTION', 'decide_reports(scope_batch,report_batch,reservation_batch,boolean,timestamp with time zone)', '69dab4fd9699f23e496098a07929a018957022eef80370a61e5bf03d738c64ee', 1, '2026-11-28 00:37:33.794345+00'),
	('FUNCTION', 'decide_reservations(scope_batch,request_batch,boolean,timestamp with time zone,boolean)', '405e270bca267bde9d8abf733f7805a0b714c3c0521ef2e3450e0761fb19d7e7', 1, '2026-11-28 00:37:33.794967+00'),
	('FUNCTION', 'denials_of(integer[],uuid[],request_batch,timestamp with time zone,boolean)', '2cce45d78338ec3de5e2f66cff7fbc9047a8e6ee7828906875e4c718cb3b7fe0', 1, '2026-11-28 00:37:33.795562+00'),
	('FUNCTION', 'explain_checks(scope_batch,request_batch,integer[],timestamp with time zone,boolean)', 'dd652c708cc7549c6f92b20d23d184640b64c37fa6e9145d5eee9e73ada25d3c', 1, '2026-11-28 00:37:33.796186+00'),
	('FUNCTION', 'explain_refusals(scope_batch,request_batch,decision_batch,timestamp with time zone,boolean)', '94f8740e6a0154fb2fd29ba1546d0bebe5b0e2e6b6b924d46d87f24d3e04fa73', 1, '2026-11-28 00:37:33.796799+00'),
	('FUNCTION', 'extend_reservations(uuid[],uuid[],integer[],timestamp with time zone)', 'cf7c48ba72bd72becec7052d9ef2e8bf3308aba53228abd1d672dff28df42242', 1, '2026-11-28 00:37:33.797535+00'),
	('FUNCTION', 'find_api_key(uuid,bytea,uuid,timestamp with time zone)', '022f814a7ca57d8657017ec935dcce7c64c048ef7273c4d2eefacf790b8bfdef', 1, '2026-11-28 00:37:33.798156+00');
INSERT INTO public.schema_objects VALUES
	('FUNCTION', 'find_reservations(uuid[],scope_batch,report_batch)', '6d35d8b4b2b2e876cac07e2a6c8e40a073945936ca5dcc28a7a14a8422de6c70', 1, '2026-11-28 00:37:33.798809+00'),
	('FUNCTION', 'hold_reservations(scope_batch,request_batch,charged_counters[],decision_batch,integer[],timestamp with time zone)', 'f270337091f949a447b63118cccafbfe6a04aa3405a45041f8c417db2d81e3f5', 1, '2026-11-28 00:37:33.799427+00'),
	('FUNCTION', 'limits_of_reports_json(scope_batch,integer[],reservation_batch,timestamp with time zone)', '984814f32c9943f9f2fc8c55dea2497bc9aa53005e1087b8f01267ca7d650e57', 1, '2026-11-28 00:37:33.799951+00'),
	('FUNCTION', 'limits_of_scopes_json(scope_batch,timestamp with time zone,boolean)', '3125e3a7c1685fdf0a7898efd8e2e6bf34ce2a7774ed4e32c8c69241243d2d1e', 1, '2026-11-28 00:37:33.800504+00'),
	('FUNCTION', 'lock_organizations(uuid[])', '10da6b7368c6b73213342c02a4d6227cee37c63badf5ba48b20c4d775b865a24', 1, '2026-11-28 00:37:33.801285+00'),
	('FUNCTION', 'lock_reports(uuid[],bytea[],uuid[],integer[],uuid[])', 'fb13cc2366b1fa50f52ce74766164d286634b8e0d350dec21f677d405d108282', 1, '2026-11-28 00:37:33.801855+00'),
	('FUNCTION', 'lock_scopes(uuid[],bytea[],uuid[])', '6d287a4b779f5803013dd0cab3b49e37ce686c3876657e44b79ef46e91f6ab5c', 1, '2026-11-28 00:37:33.802456+00'),
	('FUNCTION', 'measure_demand(scope_batch,request_batch,timestamp with time zone,boolean)', '1e4ae2c54711ed9aa7bfa9fe46f57f5d5c4edb21008b0782f3e84aae299b1fb9', 1, '2026-11-28 00:37:33.803101+00'),
	('FUNCTION', 'note_last_use(scope_batch,integer[],timestamp with time zone)', 'c6460e718ea1eba8491344df84f70ddfa4cff70b8a85ef15294a6a285558001a', 1, '2026-11-28 00:37:33.803809+00'),
	('FUNCTION', 'record_usage(uuid[],uuid[],bytea[],uuid[],integer[],uuid[],text[],bytea[],bigint[],bigint[],text[],timestamp with time zone[],boolean[],boolean[],timestamp with time zone)', 'f897f6ce159c3e61690367f1f7c101ddd15080ae46c23abc3713dac4c17bd2bd', 1, '2026-11-28 00:37:33.804509+00'),
	('FUNCTION', 'release_reservations(uuid[],uuid[],timestamp with time zone)', 'd936ae051021134d6a721176d4bb1965c2d43056b8d5326ea29ddb568391103b', 1, '2026-11-28 00:37:33.805239+00'),
	('FUNCTION', 'reservation_json(reservations,timestamp with time zone)', 'd907ab73b33df030aa7564c313842d8032218573a5d4fe1355df2a75ad3812eb', 1, '2026-11-28 00:37:33.805789+00'),
	('FUNCTION', 'reservations_at(timestamp with time zone)', '8dcd01f6a3c8f62c924d75b78ec2e3f21815a093d49e9ebf700a3472230c4640', 1, '2026-11-28 00:37:33.806403+00'),
	('FUNCTION', 'reserve_usage(uuid[],uuid[],bytea[],uuid[],integer[],text[],bytea[],bigint[],bigint[],bigint[],integer[],boolean[],boolean[],timestamp with time zone)', '0b4df4734068e0adce31998b6829b842052fdaa2a2efcf5c3a43f98fd104fe56', 1, '2026-11-28 00:37:33.807106+00'),
	('FUNCTION', 'resolve_scopes(uuid[],uuid[],bytea[],uuid[],timestamp with time zone)', '775c118a1fd1eaa29debe5b1ccd2009222af06e4039cfe6c6e4a8a9beef21dc1', 1, '2026-11-28 00:37:33.807744+00'),
	('FUNCTION', 'units_of(limit_type,bigint,bigint,bigint)', 'f9e43a86acc1572e3295a2fc4b1e184ff9363c39bf3a7b43c69192a591bd014a', 1, '2026-11-28 00:37:33.808553+00'),
	('FUNCTION', 'delete_closed_reservations(interval,integer)', 'e9bc827a42062fc4ceaf09f33511ac4557d88ef3baf21a22efef12baf2556249', 1, '2026-11-28 00:37:33.809212+00'),
	('FUNCTION', 'expire_due_reservations(uuid[],timestamp with time zone,integer)', '8faf6e8dd4eb2e5406e34097a17abe7aa0362e21c690f9e353bc629bc645dd20', 1, '2026-11-28 00:37:33.809759+00'),
	('FUNCTION', 'expire_reservations(uuid,timestamp with time zone,integer)', 'bbcf5cec456bb8b72bd59cd147259a6ea101e3556e0b0f1ea0e866661a4bc980', 1, '2026-11-28 00:37:33.810348+00'),
	('FUNCTION', 'expired_holds(uuid[],timestamp with time zone)', '44952b23666f78696293ce95a91013de3578835283378a038bac482cf118565e', 1, '2026-11-28 00:37:33.810938+00'),
	('FUNCTION', 'expired_units(counters,timestamp with time zone)', '0b02a583ab417c8ceeed87f7d37bb2585640037d0411c7379f67f2c914327f14', 1, '2026-11-28 00:37:33.811461+00'),
	('FUNCTION', 'has_expired_holds(uuid[],timestamp with time zone)', '94c9a3c54c772b995eeaa31ed50f7e680981362b6ccb888e0cc00d35eb22c996', 1, '2026-11-28 00:37:33.812272+00'),
	('FUNCTION', 'sweep_reservations(uuid,integer,timestamp with time zone)', 'eb6f7d2be946d37d2909e0ccc1dff29637def9dcf4cd061e2e0fbf6aa3cb59ed', 1, '2026-11-28 00:37:33.812862+00'),
	('FUNCTION', 'swept_until(uuid,timestamp with time zone)', 'd60f9aba410a075f292750fc294dd2df39e789845b7312c03cfee94023bbf288', 1, '2026-11-28 00:37:33.813421+00'),
	('FUNCTION', 'create_usage_partitions(integer,timestamp with time zone)', 'a4ec3d5cc9d3a6a06e818715b7fa03a32ec2386dfa70577336d41bf78adc83bb', 1, '2026-11-28 00:37:33.814126+00'),
	('FUNCTION', 'drop_usage_partition(integer,timestamp with time zone)', 'd9c05ca8bbb7117485c2a245d4b9c6284f8a47ed75417eeedd12828ba990d6ea', 1, '2026-11-28 00:37:33.815091+00'),
	('FUNCTION', 'find_ledger_differences(uuid)', 'df773f61a04471952ac7e9cbfb2c5196f456a3641491201942f5de578e7e368c', 1, '2026-11-28 00:37:33.816196+00'),
	('FUNCTION', 'ledger_begin()', '1e1a110af2e716ee462c07d41ec60b2d9a6bd2d6d7d8d1279d75c283bdf53299', 1, '2026-11-28 00:37:33.817032+00'),
	('FUNCTION', 'refuse_change()', '65331b0102044b98131aeb1d4d45191a05e8db1ad1709485cef52747c8ea58e3', 1, '2026-11-28 00:37:33.817716+00'),
	('FUNCTION', 'begin_generation(limits)', '677d5367eaeefe1dad90a2ceeca3f4d0344b3876365fb7bb8149f472b3156627', 1, '2026-11-28 00:37:33.818262+00'),
	('FUNCTION', 'budget_periods_of(uuid,uuid,timestamp with time zone)', '46cd6c864120efa180f9cb0c8779e4eb6a5de1e4d23ae1cd3654edffc029b483', 1, '2026-11-28 00:37:33.818906+00'),
	('FUNCTION', 'close_periods(uuid,integer,timestamp with time zone)', '7a4b4edf92a19897c4cf16f6a18e54bb689f388c8f670e8f72b68341c52422a0', 1, '2026-11-28 00:37:33.81945+00'),
	('FUNCTION', 'create_limit(uuid,uuid,uuid,limit_kind,limit_type,limit_period,bigint,bigint[],timestamp with time zone)', 'bd5762374074f1a41f18978af4e83ef9964aebe305805e0f74a4e6963dc99049', 1, '2026-11-28 00:37:33.820108+00'),
	('FUNCTION', 'delete_limit(uuid,uuid,limit_kind)', '5240dd56cb817be17f733001da9676e149b58f44585793196def01025b436798', 1, '2026-11-28 00:37:33.820725+00'),
	('FUNCTION', 'full_subjects_at(uuid,timestamp with time zone)', '1ba844779dfb574dd5bf8fba89f0b08a0422d6a7b55fdd05f1c1e443660d9781', 1, '2026-11-28 00:37:33.821285+00'),
	('FUNCTION', 'has_period(uuid,uuid,integer)', '4f8e03f66e6f59a2734608e88b351291c9e426623303a60cc1dc4a16ef2c72fb', 1, '2026-11-28 00:37:33.821921+00'),
	('FUNCTION', 'keep_counters()', 'ffa289c761dd754082b2864c71eb5de47d6b8ff804b713887d21e7c58e540041', 1, '2026-11-28 00:37:33.822745+00'),
	('FUNCTION', 'limit_statuses_at(timestamp with time zone,boolean)', '15dbf72c51ee7a87aea8b708ee3cde4ba045b7581a5c195e23132292e13bae5d', 1, '2026-11-28 00:37:33.823541+00'),
	('FUNCTION', 'match_limit()', 'ee7f922452e096c5e888fc95134b3d024fbb8883d3eb36266881c561b84277a4', 1, '2026-11-28 00:37:33.824115+00'),
	('FUNCTION', 'period_end(limit_period,timestamp with time zone)', 'c0e4793b950e5c4e45fcd1641bdd90cd9b838eb01531cb913e95957e0db85758', 1, '2026-11-28 00:37:33.824731+00'),
	('FUNCTION', 'period_length(limit_period)', '91ba1feea95ee6ca43fbd4331d3d213d4597345f04e70576207448b64cc7365e', 1, '2026-11-28 00:37:33.82531+00'),
	('FUNCTION', 'period_start(limit_period,timestamp with time zone)', '6177c2672e938a43ed342548f691e89a9b4268b79b2bdb2c8835bfe8def030a2', 1, '2026-11-28 00:37:33.825851+00'),
	('FUNCTION', 'require_governance(uuid)', '0b33d0b61234fe809d82ebc5342be93d169295eeb10d23dd4777c572eb0ec239', 1, '2026-11-28 00:37:33.82635+00'),
	('FUNCTION', 'reset_budget_limit(uuid,uuid,timestamp with time zone)', '5badc8989035544b9e38895b1f65a16e925d0ec87a6cbc6c25503ea378de0107', 1, '2026-11-28 00:37:33.826954+00'),
	('FUNCTION', 'roll_counters(uuid,uuid[],timestamp with time zone)', 'b0aef67647dbe33bb3635c961ac1cae980b69ddaac5e9a6d6326104da92ecd7f', 1, '2026-11-28 00:37:33.827637+00'),
	('FUNCTION', 'roll_subjects(uuid[],uuid[],uuid[],timestamp with time zone)', '80829095c488efc5807398c986daf4fa786c1b7624363a977d3daf376467687e', 1, '2026-11-28 00:37:33.828145+00'),
	('FUNCTION', 'subjects_of(api_keys)', 'a9be654af40d45d84165026f87e98c892b19ab595db4339fd488025d4910a789', 1, '2026-11-28 00:37:33.828708+00'),
	('FUNCTION', 'update_budget_limit(uuid,uuid,limit_type,limit_period,bigint,bigint[],timestamp with time zone)', '437b0c4a12c2bf58ca26e8326c9d9f9a9b3ab8bb247af38ea8d1bcdc27b5128e', 1, '2026-11-28 00:37:33.829445+00'),
	('FUNCTION', 'update_rate_limit(uuid,uuid,bigint,timestamp with time zone)', '0a43b9487dbc94f4cd6cb2137da5ad5548fd31814d43f903c1de20f0b3a4db6f', 1, '2026-11-28 00:37:33.829981+00'),
	('FUNCTION', 'add_usage(uuid,bigint,bigint,timestamp with time zone)', '0b969ac6f3d405af40e69cb611c9ea9b659345dc62e72a95ef6a2a0b1290110d', 1, '2026-11-28 00:37:33.830622+00');
INSERT INTO public.schema_objects VALUES
	('FUNCTION', 'bound_buckets(bigint,integer)', '417782beb3da7311805fbfd60620d839295838034947e6b6a21098c8f323e560', 1, '2026-11-28 00:37:33.831232+00'),
	('FUNCTION', 'find_rollup_differences(uuid)', 'f3deba9fb962369fc8e5bc8a81cdf2f823135089b196d58baee6c724bf843739', 1, '2026-11-28 00:37:33.83189+00'),
	('FUNCTION', 'rebuild_rollups(uuid)', 'aa4fab1019e0ab18cf95a6752dd7a5a45a46ee8851de40827d375d42bdb204ac', 1, '2026-11-28 00:37:33.832508+00'),
	('FUNCTION', 'roll_up_usage(uuid,integer)', '9b38e743bf1bb7805d34c03c255fdd979083424aef71a6367b98c5a7647cfbc4', 1, '2026-11-28 00:37:33.833126+00'),
	('FUNCTION', 'rolled_up_usage(uuid,uuid,timestamp with time zone,timestamp with time zone,boolean,boolean)', '1c8a83a1cceb9a05e78af8c0c4a8302164bce996c7f8ccce1fd614141c50934b', 1, '2026-11-28 00:37:33.833707+00'),
	('FUNCTION', 'throttle(real)', '8046faadba97c4174b53c5d7764fce4d0698ce267e3c77242255954291966bd4', 1, '2026-11-28 00:37:33.834314+00'),
	('FUNCTION', 'usage_bucket_end(usage_interval,timestamp with time zone)', 'e90cc40e8b971c7d5ca5586862e5e13726bcd2d0eacd3a799ab6c78f21bc71f7', 1, '2026-11-28 00:37:33.834927+00'),
	('FUNCTION', 'usage_bucket_start(usage_interval,timestamp with time zone)', '9e59a1a878497954dd01545841286782d32dc552fcd97fa9c637959b46026a40', 1, '2026-11-28 00:37:33.83546+00'),
	('FUNCTION', 'usage_of(uuid,uuid,uuid,timestamp with time zone,timestamp with time zone,text[],text[],usage_interval,usage_dimension[],integer,real)', 'be33bd37b51de784b4c0436d452e9ae07ac7d5998b5bc5e76f7aa4c77b5119f0', 1, '2026-11-28 00:37:33.836316+00'),
	('TRIGGER', 'alert_deliveries_status_at on alert_deliveries', 'ad842d3ce80886cfccb63cbab59429e1cca993d55a7f37936ba33ebc348f32df', 1, '2026-11-28 00:37:33.846191+00'),
	('TRIGGER', 'alert_deliveries_notify on alert_deliveries', 'abd9413cb499ec949ae188df8c58d95b5b524743c9871d55f3c2ea56ba527b26', 1, '2026-11-28 00:37:33.847054+00'),
	('TRIGGER', 'organizations_no_truncate on organizations', '9d8936834a4b6bf4add998a29c3c312cd3274225937aa62a76d1e7260819a0df', 1, '2026-11-28 00:37:33.84801+00'),
	('TRIGGER', 'workspaces_no_truncate on workspaces', '012da07c59315bc8f2e1440950cb7b69de78442659cd13f13ac8a0d7e712deb1', 1, '2026-11-28 00:37:33.848835+00'),
	('TRIGGER', 'members_no_truncate on members', '1baab74de2ab9b18d5342be41515054a576f8bd9ff94f6434a163329954de43b', 1, '2026-11-28 00:37:33.849745+00'),
	('TRIGGER', 'access_tokens_no_truncate on access_tokens', '78cb75b3ea33f05283f56199f2a7a063b3991ee793c6cb70f4c30e00ec071ba8', 1, '2026-11-28 00:37:33.850531+00'),
	('TRIGGER', 'api_keys_no_truncate on api_keys', '4f1f3e131108ad093b5ae96afd4f3c11e7886c205bd257aaa0be432910844d98', 1, '2026-11-28 00:37:33.851362+00'),
	('TRIGGER', 'api_key_secrets_no_truncate on api_key_secrets', '9e462925b95b5b6f87ddb9ef9576d0569ebf27a0383dbcbeae1209980209e692', 1, '2026-11-28 00:37:33.852159+00'),
	('TRIGGER', 'recipients_no_truncate on recipients', '2bf2c0e14c38feefd2d361b826961474bb0125b8237d9e0a9b9dd0483308c06f', 1, '2026-11-28 00:37:33.853062+00'),
	('TRIGGER', 'suppressed_addresses_no_truncate on suppressed_addresses', 'de5fb15b95a316c111948c96e893232bf777f5afc0a6815359ecccd66ad841da', 1, '2026-11-28 00:37:33.853858+00'),
	('TRIGGER', 'limits_no_truncate on limits', '43ae3ef2e0f8325f4c2f60584864250b97fb701864ca78975cbedf51a9536cee', 1, '2026-11-28 00:37:33.854659+00'),
	('TRIGGER', 'organizations_audit on organizations', '741bb019c1251f2625bf8d2d04fe1a64d40a7b6ed3f7ba947eedc02a73d85829', 1, '2026-11-28 00:37:33.855547+00'),
	('TRIGGER', 'workspaces_audit on workspaces', '29909b32570cd066331063bf0d6b21cb4cdf13e46c306071a7118a4684025d27', 1, '2026-11-28 00:37:33.856383+00'),
	('TRIGGER', 'members_audit on members', '33508b95f415e4d434c6dd3b50275a0fb4f2c296f0e1510616744abfd2528c71', 1, '2026-11-28 00:37:33.857176+00'),
	('TRIGGER', 'access_tokens_audit on access_tokens', 'c259ac683c1d7daacafa1d7299fc0a6151fa886097ea22fd9814f1cbea0808b0', 1, '2026-11-28 00:37:33.858015+00'),
	('TRIGGER', 'api_key_secrets_audit on api_key_secrets', '8d3b1a7e655931e1901981a3a374b544c21cce98babfd94846d575d7f66f6982', 1, '2026-11-28 00:37:33.858852+00'),
	('TRIGGER', 'recipients_audit on recipients', 'f05c6b1f248fd4c5b02dba26017d98b436e9f98781671fcf1b158c3a0327d6c4', 1, '2026-11-28 00:37:33.859616+00'),
	('TRIGGER', 'suppressed_addresses_audit on suppressed_addresses', '6ad0cc6ead80861bd3d647bdaa92a7e2980fb8ef3bc2d916d44c207d58ace6da', 1, '2026-11-28 00:37:33.86036+00'),
	('TRIGGER', 'api_keys_audit on api_keys', '41405e3dff761f18e466732196316595b0986fbc8fd2e2196285d59992cafef1', 1, '2026-11-28 00:37:33.861254+00'),
	('TRIGGER', 'limits_audit on limits', 'a2238cb332ca50c613a6d31afac5d6fea7ed96a8da9dce70d9b90ff5aca9299e', 1, '2026-11-28 00:37:33.862029+00'),
	('TRIGGER', 'members_owner_removed on members', 'edf2144256972d6a88eee66d0566115642fbfdd96ae02a464a9c158b60c92f87', 1, '2026-11-28 00:37:33.86325+00'),
	('TRIGGER', 'members_owner_demoted on members', '5a9f11ba44a95ba4a33966be3972d36f4e4b523250678c116bd599637a44bad3', 1, '2026-11-28 00:37:33.864167+00'),
	('TRIGGER', 'access_tokens_orphaned on access_tokens', 'f0165c7697a02f7fb0c2a67d48a43a1a0444c7a353029f9c991bcd7577c06890', 1, '2026-11-28 00:37:33.86519+00'),
	('TRIGGER', 'usage_events_append_only on usage_events', '0f2572ac708b71f49de8bee3fb0c67a54d02c7022f8a52d1fc346b85986fc239', 1, '2026-11-28 00:37:33.866726+00'),
	('TRIGGER', 'usage_events_no_truncate on usage_events', '1c742da38a0866e8f2132cd6fffb8c4ae994ca32b6353cbc483c35addd6d4f96', 1, '2026-11-28 00:37:33.867698+00'),
	('TRIGGER', 'audit_log_append_only on audit_log', '5a07b44bd5df0a8527550811da06066fba9d03fb86c6bfaffda832e4b20a5942', 1, '2026-11-28 00:37:33.868465+00'),
	('TRIGGER', 'limits_counters on limits', '2ff4f4fa9f942a8787877b6d334d2c121daef6140027ea518769fae08edbaa31', 1, '2026-11-28 00:37:33.86922+00'),
	('TRIGGER', 'counters_limit on counters', 'e473feda3ef9632980f869249c8278be543ea18188b32bad2ea2a2ec20451e73', 1, '2026-11-28 00:37:33.870032+00'),
	('TRIGGER', 'counters_no_truncate on counters', 'c885336adacba6fa656df689549e42a725848ea71692585f6a70d5e188350f7b', 1, '2026-11-28 00:37:33.871004+00');


INSERT INTO public.schema_release VALUES
	(true, 1, 1, '011f63eceff49fd612c5f79ba2f2d8ce296b242352afc3a2bd1e3391de10d121', '2026-11-28 00:37:33.884207+00');


INSERT INTO public.suppressed_addresses VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'gone@full.test', 'BOUNCED', NULL, '2026-11-28 00:37:35.045595+00');


INSERT INTO public.usage_days VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '2026-11-28 00:00:00+00', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '', 'm', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', 3, 6, 0, 0, 0, 1500000000);


INSERT INTO public.usage_event_requests VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', 'dropped-0', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '\xaac9c6d9824beb3128c71f95e82ecccf04706b19b8cec089e56cd42b76a4ab79', '01a21f96-011b-77cd-a96f-e90cc7d1852d', '2026-11-28 00:37:34.107778+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', 'dropped-1', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '\xaac9c6d9824beb3128c71f95e82ecccf04706b19b8cec089e56cd42b76a4ab79', '01a21f96-012b-79cb-bdf8-4c463021aa47', '2026-11-28 00:37:34.123124+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', 'dropped-2', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '\xaac9c6d9824beb3128c71f95e82ecccf04706b19b8cec089e56cd42b76a4ab79', '01a21f96-012e-78bd-a851-1f773a52a01b', '2026-11-28 00:37:34.126436+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-0-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-01b7-72ff-964d-6b6900e274bc', '2026-11-28 00:37:34.263898+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-0-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-01b7-78c1-b5ec-5afd1be56f9c', '2026-11-28 00:37:34.263898+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-0-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-01c8-79cf-b979-729b726da392', '2026-11-28 00:37:34.28083+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-0-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-01e7-7447-a11c-dc5c5503d4b6', '2026-11-28 00:37:34.311818+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-1-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-01fc-74d5-87cf-b8ef1ac7a6d4', '2026-11-28 00:37:34.332217+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-1-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-020f-74e5-8f02-9e6462a7df5e', '2026-11-28 00:37:34.351316+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-1-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0213-7d80-885a-7c680ec98885', '2026-11-28 00:37:34.355727+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-1-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0216-7827-a4d1-42b1cccaa8df', '2026-11-28 00:37:34.35839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-2', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x4d3ed9597313109e2310df806515bb4972e4da1a0da0acc13a8baa70f69adc32', '01a21f96-022a-7218-9aea-fd42920c265e', '2026-11-28 00:37:34.378178+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-2', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x92a21a301e7b64741ea843193ec2332125e4debfd4f86ffbe10cd001588164fa', '01a21f96-022d-7cb4-8a1f-59aa6eb38e7e', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-2', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x35704490a3bff0c835568856ce666048892a2b65df5553c61e0d0789dbc66978', '01a21f96-022d-7195-8452-e5508a9e1917', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-2', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x165082b4d39a216d49652e8b213d973afbdc974bda90906237fc2d139a0c38f3', '01a21f96-022d-722f-8d72-4bcab1528051', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-2-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0236-7822-a27e-8e30c66a8968', '2026-11-28 00:37:34.390885+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-2-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0240-70e0-b812-83b4fc4bd2c1', '2026-11-28 00:37:34.400811+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-2-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0243-7d19-9675-82aea40ddb8e', '2026-11-28 00:37:34.403468+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-2-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0243-7ce7-ab8f-cd168f480d60', '2026-11-28 00:37:34.403468+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-3', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x866ceb43677a26887dd8e0b6d4b36860d2bd0956dbc3014c954aeedbd1c3fac0', '01a21f96-0251-7744-99ec-89f10fe66abb', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-3', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x19392022b8e09a2b97a3dac832cb50e9259762c66b3d205ee6a819eaedc93e40', '01a21f96-0251-7ad9-9a3a-8b30a1a0efa7', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-3', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x077b5a8a6877f96a27cad664eb2ed3e5f583afa4e8556e9fa30177eec504e8ff', '01a21f96-0263-78b6-86d5-cb53996707d6', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-3', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xe5a91e7991c91c89fae0d988b4367a980420d05482a47506ae98fb1dccb134e5', '01a21f96-0263-7640-bc2c-bfad4c890918', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-3-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0269-7754-a026-5bebf3c2bc83', '2026-11-28 00:37:34.44118+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-3-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0270-7cd6-acb8-fc70b781ff01', '2026-11-28 00:37:34.448554+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-3-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0270-7e43-ace1-effbc93cbd13', '2026-11-28 00:37:34.448554+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-3-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0278-7a84-86d4-418bdaad2e85', '2026-11-28 00:37:34.456998+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-4-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0299-769c-87ef-dd01c0a1c3b6', '2026-11-28 00:37:34.489009+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-4-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02ae-795b-956a-09e7341bbd71', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-4-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02ae-73fd-a1b2-66097cac93d6', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-4-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02ae-7195-9bd9-0bedad45369f', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-5', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x3bef7681c5e2af8370bcdf9496b6eed6caa5f77e896d41af70586eb9f872dd16', '01a21f96-02c6-7b00-bcd7-5fd7fdf67d1c', '2026-11-28 00:37:34.534902+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-5', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x143ab6a6f856ad481747ef88c3499f7e4686de7d0cf2cd814893995891c19742', '01a21f96-02ca-7da8-92c9-e01dcbc64483', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-5', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x452292b8cfad19051298272f8b0ff21d08e0daa0c796cea0bfbca11cff37e2b3', '01a21f96-02ca-77da-92f6-3724fbeca431', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-5', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xe6eb7be785e6e08b92f147405e2f88f56201b647201b6c2823d74b348e145734', '01a21f96-02ca-7636-a250-485bf6b45e90', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-5-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02ce-7d01-8a2c-32f2658d790e', '2026-11-28 00:37:34.542163+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-5-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02d4-7174-b631-8f9600e0fd8b', '2026-11-28 00:37:34.548884+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-5-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02db-71c0-af7e-dad191d4f7d7', '2026-11-28 00:37:34.555555+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-6-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02e3-7065-b06b-ac0058a1ffad', '2026-11-28 00:37:34.563107+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-5-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02e3-7fb7-9a46-ea8d9f86d587', '2026-11-28 00:37:34.563107+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-6-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02e9-7f00-8f93-e9c5d1349262', '2026-11-28 00:37:34.569214+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-6-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-02ee-7c30-b120-fe201762c6f2', '2026-11-28 00:37:34.574774+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-6-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0308-7c86-92ea-1f4e84bafc7f', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-7-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0308-78d6-9a43-8be89ab56cd9', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-7-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0308-7a0d-b507-1ddcc45622aa', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-7-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-030c-788f-b24c-9d8aaf579861', '2026-11-28 00:37:34.604105+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-7-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0318-79ba-88f7-578a57c3c880', '2026-11-28 00:37:34.616941+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-8', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x58b6face6567185f2a96d8bfb9ce19738f647e49a3ed8704caad3b4668e0c973', '01a21f96-031a-7bbb-8b9c-01d9bae9d7f1', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-8', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x1a2f3606901699e3340a16051806904bafe11a0cdc8d07b3a5fc423e39166f8e', '01a21f96-031a-783e-8081-a17987f43b8b', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-8', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xc4ad93f38d4e343dcb53489e7931feaf1bb888f86170a626320adb40e0cdc923', '01a21f96-031a-789c-b8f3-d86a11c3f69f', '2026-11-28 00:37:34.618955+00');
INSERT INTO public.usage_event_requests VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-8-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-032a-753f-b9cb-fcbb7cc4e664', '2026-11-28 00:37:34.634574+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-8-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0331-7e95-a060-7b1437c20224', '2026-11-28 00:37:34.641664+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-8-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0331-79e5-bd7a-727a3c8ba10b', '2026-11-28 00:37:34.641664+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-8', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x93f91d0e8d0b8b3742f6b0fd982c49060e770fa44082b9534ec89e4d2231ae17', '01a21f96-0339-7e67-af94-78ae0db4c9c2', '2026-11-28 00:37:34.649002+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-9', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x6143fcb202c13ed8195215810dba8eb805334f5460bbc7c633f486e1d7790fd3', '01a21f96-033b-7486-8d27-4ef190967ab0', '2026-11-28 00:37:34.651001+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-9-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0345-7515-a7e8-9453fc7fe51b', '2026-11-28 00:37:34.661116+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-8-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0345-7412-9e64-1cebf3ed8ea4', '2026-11-28 00:37:34.661116+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-9', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xadf0bbd58ae176ee47b365e0f9698a09a7f3258f0f5ccb74527578cd5517bdba', '01a21f96-0347-743f-a8f6-b64fcb762326', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-9', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x4409e3fb8f168f15fc70c907761e888f11fdb5ac3a5ac852d197a3574ef2ea2d', '01a21f96-0347-73c4-b580-d2a29c0a774a', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-9-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0350-7377-b10a-0f17f7cf3b2c', '2026-11-28 00:37:34.672388+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-9-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0354-75ce-bf7c-ed22d6afabbd', '2026-11-28 00:37:34.676384+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-9', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x5cb56cfdf7991b87050a4ecf0774e82254bd43027386a02921a738734cff1f30', '01a21f96-0354-74de-8f53-b61bcdd7faed', '2026-11-28 00:37:34.676384+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-10-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-035d-78f3-9553-e2e9b2fc6fd2', '2026-11-28 00:37:34.685783+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-9-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-035d-7968-9e56-ac7f653c26b4', '2026-11-28 00:37:34.685783+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-10-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0361-7394-8f78-2cc42c27c46b', '2026-11-28 00:37:34.68934+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-11', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xe1cbf968e8925ef14a71b91bec68447a20250ce2a8b11623cfdf548395cf1e85', '01a21f96-0369-7e04-a3eb-78b566bb3bbf', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-10-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0369-7268-ae80-aba3ff0cafb8', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-11', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x42076915584d9d7d188616d480f0de32741f64731e7378db1d345534db95f0fe', '01a21f96-0369-7900-8956-ff9c0bd707f2', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-10-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-036d-7ad9-8840-7b5137e7210d', '2026-11-28 00:37:34.701631+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-11-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0375-78ce-84a4-7ee59c756f90', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-11-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0375-7a3b-ac89-76054bf09db7', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-11', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x68850125bf28a06203db8cf47c4b44e7710120ba02987c7e30ba39af00fc7066', '01a21f96-0375-7c2d-99f0-17db1ac7770e', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-11', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xd2ebf8a35d8d0148f95433467dad91b63304dab5764f5cfba84038256cfc47eb', '01a21f96-0378-7feb-a565-fda2711e1f11', '2026-11-28 00:37:34.712297+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-11-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-037e-79e8-95f0-663148e1c8e9', '2026-11-28 00:37:34.718848+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-11-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0383-7717-94db-47f98dd8ca1a', '2026-11-28 00:37:34.723696+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-12-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0383-7784-86a1-f309e5bbbacd', '2026-11-28 00:37:34.723696+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-12-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0385-7e52-b563-faa3db445b49', '2026-11-28 00:37:34.725715+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-12-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-039b-7add-9185-c5ddac9afd94', '2026-11-28 00:37:34.747192+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-12-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-039b-7216-8394-fcd789bdf642', '2026-11-28 00:37:34.747192+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-13-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03a6-7c52-8ce9-6e0e40713fa1', '2026-11-28 00:37:34.758113+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-13-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03a6-776e-a78e-f358d20e6dc8', '2026-11-28 00:37:34.758113+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-13-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03af-7491-877b-95402b2f38a2', '2026-11-28 00:37:34.767333+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-13-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03af-7db4-8e6b-7078b172a06c', '2026-11-28 00:37:34.767333+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-14', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x4a8e0aaef0680b606c97ff51b39f80760b4d3908551d85a150d8341eb5611059', '01a21f96-03ba-7ab2-b24e-7faf6462ff05', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-14', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x05e93082799b750dd2706f3774da63cc3ddd5189cbd1f9380523656eb52e0c0c', '01a21f96-03ba-70e7-88d0-5de7a08b6b1f', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-14', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x1302b6cfdbc8aef2d933b54b45667d13a6bb6cbe30f2d5c1175d84b965fa5bb2', '01a21f96-03c4-79a5-83ca-46960c8f322f', '2026-11-28 00:37:34.788188+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-14-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03ca-78e1-b250-ccece4522b9b', '2026-11-28 00:37:34.79444+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-14-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03ca-7214-a948-62b8c60d5f44', '2026-11-28 00:37:34.79444+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-14', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x0a2bbe5936feef468428df8a62c63e7ca740c891fc594316954a9fede0233898', '01a21f96-03d1-7a38-b0ea-ce8938d5f082', '2026-11-28 00:37:34.801984+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-14-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03d1-740a-b5ae-fb91ade4be65', '2026-11-28 00:37:34.801984+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-15', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x805632d3d5dc23683dd898c0effa7cef323260a054063b8e5c65c6c47c3865fc', '01a21f96-03d9-7ce3-9d02-dc19e2529a3a', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-15', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x7c574fb3a761c2a818baf032ef23c9e450a182027790b49d883e04f470918f03', '01a21f96-03d9-7ff4-baff-6e3a9347fdb1', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-15', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x57a1b22d12b4f2ee3461f08c281bb1c0588a46b6bbc305c4fd1081bd58c2518d', '01a21f96-03dc-7a29-a5dd-8ca478a0aadd', '2026-11-28 00:37:34.812942+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-14-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03dc-7847-ba9e-742099b42203', '2026-11-28 00:37:34.812942+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-15-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03e1-7b40-a04c-1639a8b56442', '2026-11-28 00:37:34.81753+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-15-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03e3-7e8f-9316-753a73f9eb4f', '2026-11-28 00:37:34.819708+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-15-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03e9-764c-a3d9-0048ff7fab53', '2026-11-28 00:37:34.825693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-15', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xd2a7d08ec08c338d9b6dd54b78da3546e47e53f0be55d3ad0ad71d175b1ab587', '01a21f96-03e9-7ffe-8709-5adb9eb175bc', '2026-11-28 00:37:34.825693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-16-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03f4-7045-bc04-0bab23dc7877', '2026-11-28 00:37:34.836697+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-15-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03f4-7f91-be99-f128bf00c759', '2026-11-28 00:37:34.836697+00');
INSERT INTO public.usage_event_requests VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-16-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-03f4-7e30-8cab-36c9bf0c210d', '2026-11-28 00:37:34.836697+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-16-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0403-770b-af86-6ad55e1b8491', '2026-11-28 00:37:34.851184+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-17', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xfcc5c58928071dc88e34bda8e9d8e604c93c4e4e5c575a1c31a82ddcef5a256c', '01a21f96-0405-7768-a85c-32a77f13a7db', '2026-11-28 00:37:34.853495+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-17', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xa7f4a1db4073f70cafae93ddae014dbd38a5d10ab88fc40b477a46611fa1c008', '01a21f96-0405-7ba8-be1f-82ccd0cffd6f', '2026-11-28 00:37:34.853495+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-16-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0412-722f-82d1-9b63bce972c0', '2026-11-28 00:37:34.866655+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-17-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0412-750e-9750-12c40e4979a8', '2026-11-28 00:37:34.866655+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-17-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0414-7566-9736-a33171417f10', '2026-11-28 00:37:34.868809+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-17', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xa437cb37f7d3a325029f347437b57664123e90c60e5ea877ba1874332baba023', '01a21f96-0414-7000-b3d9-9732ad4f0b0f', '2026-11-28 00:37:34.868809+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-17', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x5fe314257686e1425fcb812d77777998f8199c834fe577752fd4016f5f3e107b', '01a21f96-041e-75d2-8c55-6c30057b59fb', '2026-11-28 00:37:34.878831+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-17-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-041e-758d-b8d4-b4b9f04761b1', '2026-11-28 00:37:34.878831+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-18-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0422-7ada-9e6a-7865aa1e39f7', '2026-11-28 00:37:34.882106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-18-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-042a-7ead-8466-b55faf8ab7ec', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-17-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-042a-7cf3-8684-bdbd8e01a5d9', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-18-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-042a-7487-b66a-d020b91cf321', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-19-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0432-78a3-9f30-052fd2da65bb', '2026-11-28 00:37:34.898873+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-18-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0437-746b-bedf-a3d9fae12b26', '2026-11-28 00:37:34.903271+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-19-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0437-774e-aa04-38f1bfadabce', '2026-11-28 00:37:34.903271+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-19-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-043e-71ba-9de4-67555fd0c1d2', '2026-11-28 00:37:34.910772+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-20', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x1401e5af7e3526986fa27ba37743663e335032dd0a3a14a8263a9eb3945fb3b9', '01a21f96-0446-7a1e-b71c-de2885d2e788', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-20', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x93c6ac4463e25db8203be75ac7d979d1e87024cd34fd5fbdd624e2e4bcd5e3f9', '01a21f96-0446-7336-a212-3e100b1a131b', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-19-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-044c-7ad5-bd87-5a0ac12b9010', '2026-11-28 00:37:34.924148+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-20', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xa1953c0a0884ea678029b74087fce0a19e9209a6cf216eb51e813e44bf72a38f', '01a21f96-044f-7050-8380-d16d1cccd16d', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-20-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-044f-7f20-a6de-669972599dac', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-20-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-044f-72e8-801d-68a7eb4e07a4', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-20-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-045c-7bbc-bbd4-43a53ea0ee3a', '2026-11-28 00:37:34.940279+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-21', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x622a0d9c01c661cd48d42efb336af055520ef7da8f6dd4a087f3a3a59dfc858e', '01a21f96-045f-7c9e-9dc1-18890e588213', '2026-11-28 00:37:34.943906+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-21', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xaec6df102f970e27a0acdad9706f897751126650d5a80e7dceee923a72b2944c', '01a21f96-0466-7a9c-8f86-93b43462a0fd', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-20', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x767a734b74b00c0a904b068bb63e40d701cdad00509f0d91476fee55e0dfbca6', '01a21f96-0466-79e1-8a64-79e7479eac3b', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-21-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0466-7eae-b38b-c644cb57409e', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-21', '01a21f96-0169-79a5-abd4-558f6a40e991', '\xc3da75f140f3ff061c7f58d3cb03a73706fd33329647d45a5c2f9ea63acd7247', '01a21f96-046a-7e4c-8197-70117c406872', '2026-11-28 00:37:34.95476+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-3-20-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0473-7f40-98a7-19130cb4865f', '2026-11-28 00:37:34.963948+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-1-21-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0473-74bd-83f9-0c4babcce593', '2026-11-28 00:37:34.963948+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-21-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0478-7a62-a7f2-90827d6311f8', '2026-11-28 00:37:34.968985+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-22-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-048a-7d1e-9a2d-09c14665b951', '2026-11-28 00:37:34.986608+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-23', '01a21f96-0169-79a5-abd4-558f6a40e991', '\x1fa70a340b9a9c6114e418b4c5b311cacca08107ce7340222673f63a0009eca1', '01a21f96-0492-7e12-a3f3-2090005796ef', '2026-11-28 00:37:34.994927+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-0-22-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-0498-769d-8429-f91798d38407', '2026-11-28 00:37:35.000985+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', 'budget-2-23-extra', '01a21f96-0152-79d2-b274-6ebaf86c24fb', '\x0ada113242ecb1a810a40023619b78bcd5cbc687a08759c48e28f96c13a35138', '01a21f96-049f-78fc-b4b4-bad22a3ecbd4', '2026-11-28 00:37:35.007134+00');


INSERT INTO public.usage_events_2026_11 VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01b7-72ff-964d-6b6900e274bc', 4, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-0-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.263898+00', '2026-11-28 00:37:34.263898+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01b7-78c1-b5ec-5afd1be56f9c', 5, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-0-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.263898+00', '2026-11-28 00:37:34.263898+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01c8-79cf-b979-729b726da392', 6, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-0-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.28083+00', '2026-11-28 00:37:34.28083+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01e7-7447-a11c-dc5c5503d4b6', 7, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-0-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.311818+00', '2026-11-28 00:37:34.311818+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-01fc-74d5-87cf-b8ef1ac7a6d4', 8, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-1-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.332217+00', '2026-11-28 00:37:34.332217+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-020f-74e5-8f02-9e6462a7df5e', 9, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-1-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.351316+00', '2026-11-28 00:37:34.351316+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0213-7d80-885a-7c680ec98885', 10, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-1-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.355727+00', '2026-11-28 00:37:34.355727+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0216-7827-a4d1-42b1cccaa8df', 11, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-1-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.35839+00', '2026-11-28 00:37:34.35839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-022a-7218-9aea-fd42920c265e', 12, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-020a-7f7d-9c80-d271abca1260', 'budget-0-2', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.378178+00', '2026-11-28 00:37:34.378178+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-022d-7cb4-8a1f-59aa6eb38e7e', 13, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-021a-74a1-9c64-2cd3ca4943d4', 'budget-2-2', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.381235+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-022d-7195-8452-e5508a9e1917', 14, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-021a-7c0a-ba5b-fdc5fa446152', 'budget-1-2', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.381235+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-022d-722f-8d72-4bcab1528051', 15, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0220-7a61-9a8b-563af3a2d163', 'budget-3-2', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.381235+00', '2026-11-28 00:37:34.381235+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0236-7822-a27e-8e30c66a8968', 16, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-2-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.390885+00', '2026-11-28 00:37:34.390885+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0240-70e0-b812-83b4fc4bd2c1', 17, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-2-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.400811+00', '2026-11-28 00:37:34.400811+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0243-7d19-9675-82aea40ddb8e', 18, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-2-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.403468+00', '2026-11-28 00:37:34.403468+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0243-7ce7-ab8f-cd168f480d60', 19, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-2-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.403468+00', '2026-11-28 00:37:34.403468+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0251-7744-99ec-89f10fe66abb', 20, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-024b-7613-8c46-d910c8b29e68', 'budget-1-3', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.41704+00', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0251-7ad9-9a3a-8b30a1a0efa7', 21, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-024b-7406-88fc-71288aca07c9', 'budget-0-3', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.41704+00', '2026-11-28 00:37:34.41704+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0263-78b6-86d5-cb53996707d6', 22, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-024e-7464-afe4-1436b9d92234', 'budget-3-3', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.435112+00', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0263-7640-bc2c-bfad4c890918', 23, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-024e-7b8c-92e2-e912c8c88003', 'budget-2-3', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.435112+00', '2026-11-28 00:37:34.435112+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0269-7754-a026-5bebf3c2bc83', 24, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-3-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.44118+00', '2026-11-28 00:37:34.44118+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0270-7cd6-acb8-fc70b781ff01', 25, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-3-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.448554+00', '2026-11-28 00:37:34.448554+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0270-7e43-ace1-effbc93cbd13', 26, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-3-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.448554+00', '2026-11-28 00:37:34.448554+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0278-7a84-86d4-418bdaad2e85', 27, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-3-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0167-7553-8003-4229ee6e0ee1}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.456998+00', '2026-11-28 00:37:34.456998+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0299-769c-87ef-dd01c0a1c3b6', 28, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-4-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.489009+00', '2026-11-28 00:37:34.489009+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ae-795b-956a-09e7341bbd71', 29, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-4-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.510102+00', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ae-73fd-a1b2-66097cac93d6', 30, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-4-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.510102+00', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ae-7195-9bd9-0bedad45369f', 31, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-4-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.510102+00', '2026-11-28 00:37:34.510102+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02c6-7b00-bcd7-5fd7fdf67d1c', 32, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-02b9-7ff6-a46e-2f6165f8d819', 'budget-2-5', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.534902+00', '2026-11-28 00:37:34.534902+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ca-7da8-92c9-e01dcbc64483', 33, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-02c2-71b1-b884-8f7314ac82bd', 'budget-0-5', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.538373+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ca-77da-92f6-3724fbeca431', 34, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-02c2-7a60-80d2-596981d8015c', 'budget-1-5', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.538373+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ca-7636-a250-485bf6b45e90', 35, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-02c2-7246-85a4-9c1e22b72c28', 'budget-3-5', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.538373+00', '2026-11-28 00:37:34.538373+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ce-7d01-8a2c-32f2658d790e', 36, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-5-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.542163+00', '2026-11-28 00:37:34.542163+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02d4-7174-b631-8f9600e0fd8b', 37, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-5-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.548884+00', '2026-11-28 00:37:34.548884+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02db-71c0-af7e-dad191d4f7d7', 38, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-5-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.555555+00', '2026-11-28 00:37:34.555555+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02e3-7065-b06b-ac0058a1ffad', 39, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-6-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.563107+00', '2026-11-28 00:37:34.563107+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02e3-7fb7-9a46-ea8d9f86d587', 40, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-5-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.563107+00', '2026-11-28 00:37:34.563107+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02e9-7f00-8f93-e9c5d1349262', 41, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-6-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.569214+00', '2026-11-28 00:37:34.569214+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-02ee-7c30-b120-fe201762c6f2', 42, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-6-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.574774+00', '2026-11-28 00:37:34.574774+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0308-7c86-92ea-1f4e84bafc7f', 43, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-6-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.600221+00', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0308-78d6-9a43-8be89ab56cd9', 44, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-7-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.600221+00', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0308-7a0d-b507-1ddcc45622aa', 45, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-7-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.600221+00', '2026-11-28 00:37:34.600221+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-030c-788f-b24c-9d8aaf579861', 46, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-7-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.604105+00', '2026-11-28 00:37:34.604105+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0318-79ba-88f7-578a57c3c880', 47, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-7-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.616941+00', '2026-11-28 00:37:34.616941+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-031a-7bbb-8b9c-01d9bae9d7f1', 48, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-030e-789b-9886-bb300658893a', 'budget-2-8', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.618955+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-031a-783e-8081-a17987f43b8b', 49, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0312-723c-ace1-f5d0b3ad66c2', 'budget-1-8', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.618955+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-031a-789c-b8f3-d86a11c3f69f', 50, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-030e-7a16-8bcf-2cce9f053e77', 'budget-0-8', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.618955+00', '2026-11-28 00:37:34.618955+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-032a-753f-b9cb-fcbb7cc4e664', 51, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-8-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.634574+00', '2026-11-28 00:37:34.634574+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0331-7e95-a060-7b1437c20224', 52, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-8-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.641664+00', '2026-11-28 00:37:34.641664+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0331-79e5-bd7a-727a3c8ba10b', 53, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-8-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.641664+00', '2026-11-28 00:37:34.641664+00');
INSERT INTO public.usage_events_2026_11 VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0339-7e67-af94-78ae0db4c9c2', 54, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0323-73e9-bb52-7e7a788cd680', 'budget-3-8', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.649002+00', '2026-11-28 00:37:34.649002+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-033b-7486-8d27-4ef190967ab0', 55, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0335-7c49-8072-f7ee028365dc', 'budget-1-9', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.651001+00', '2026-11-28 00:37:34.651001+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0345-7515-a7e8-9453fc7fe51b', 56, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-9-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.661116+00', '2026-11-28 00:37:34.661116+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0345-7412-9e64-1cebf3ed8ea4', 57, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-8-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.661116+00', '2026-11-28 00:37:34.661116+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0347-743f-a8f6-b64fcb762326', 58, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0341-7101-b2e5-a089530ec8c5', 'budget-0-9', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.663222+00', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0347-73c4-b580-d2a29c0a774a', 59, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0341-7f19-bc97-f627713f69f5', 'budget-2-9', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.663222+00', '2026-11-28 00:37:34.663222+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0350-7377-b10a-0f17f7cf3b2c', 60, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-9-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.672388+00', '2026-11-28 00:37:34.672388+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0354-75ce-bf7c-ed22d6afabbd', 61, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-9-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.676384+00', '2026-11-28 00:37:34.676384+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0354-74de-8f53-b61bcdd7faed', 62, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-034b-7c0d-ad8c-0dbb971d27a9', 'budget-3-9', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.676384+00', '2026-11-28 00:37:34.676384+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-035d-78f3-9553-e2e9b2fc6fd2', 63, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-10-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.685783+00', '2026-11-28 00:37:34.685783+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-035d-7968-9e56-ac7f653c26b4', 64, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-9-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.685783+00', '2026-11-28 00:37:34.685783+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0361-7394-8f78-2cc42c27c46b', 65, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-10-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.68934+00', '2026-11-28 00:37:34.68934+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0369-7e04-a3eb-78b566bb3bbf', 66, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0363-703e-a572-f228740a6e0a', 'budget-1-11', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.697839+00', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0369-7268-ae80-aba3ff0cafb8', 67, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-10-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.697839+00', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0369-7900-8956-ff9c0bd707f2', 68, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0366-792b-af6d-7f4b7c851857', 'budget-2-11', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.697839+00', '2026-11-28 00:37:34.697839+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-036d-7ad9-8840-7b5137e7210d', 69, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-10-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.701631+00', '2026-11-28 00:37:34.701631+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0375-78ce-84a4-7ee59c756f90', 70, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-11-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.709994+00', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0375-7a3b-ac89-76054bf09db7', 71, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-11-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.709994+00', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0375-7c2d-99f0-17db1ac7770e', 72, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0372-7207-966d-20a2fed22ede', 'budget-0-11', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.709994+00', '2026-11-28 00:37:34.709994+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0378-7feb-a565-fda2711e1f11', 73, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0374-7226-8677-9955b576e253', 'budget-3-11', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.712297+00', '2026-11-28 00:37:34.712297+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-037e-79e8-95f0-663148e1c8e9', 74, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-11-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.718848+00', '2026-11-28 00:37:34.718848+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0383-7717-94db-47f98dd8ca1a', 75, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-11-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.723696+00', '2026-11-28 00:37:34.723696+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0383-7784-86a1-f309e5bbbacd', 76, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-12-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.723696+00', '2026-11-28 00:37:34.723696+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0385-7e52-b563-faa3db445b49', 77, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-12-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.725715+00', '2026-11-28 00:37:34.725715+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-039b-7add-9185-c5ddac9afd94', 78, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-12-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.747192+00', '2026-11-28 00:37:34.747192+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-039b-7216-8394-fcd789bdf642', 79, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-12-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.747192+00', '2026-11-28 00:37:34.747192+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03a6-7c52-8ce9-6e0e40713fa1', 80, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-13-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.758113+00', '2026-11-28 00:37:34.758113+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03a6-776e-a78e-f358d20e6dc8', 81, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-13-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.758113+00', '2026-11-28 00:37:34.758113+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03af-7491-877b-95402b2f38a2', 82, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-13-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.767333+00', '2026-11-28 00:37:34.767333+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03af-7db4-8e6b-7078b172a06c', 83, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-13-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.767333+00', '2026-11-28 00:37:34.767333+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ba-7ab2-b24e-7faf6462ff05', 84, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03ad-72d6-8b98-453ef96b2c81', 'budget-1-14', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.778074+00', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ba-70e7-88d0-5de7a08b6b1f', 85, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03b2-7bc4-a275-b0e41161db05', 'budget-2-14', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.778074+00', '2026-11-28 00:37:34.778074+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03c4-79a5-83ca-46960c8f322f', 86, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03b6-7e90-a9b2-a4a3080909fa', 'budget-0-14', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.788188+00', '2026-11-28 00:37:34.788188+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ca-78e1-b250-ccece4522b9b', 87, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-14-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.79444+00', '2026-11-28 00:37:34.79444+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03ca-7214-a948-62b8c60d5f44', 88, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-14-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.79444+00', '2026-11-28 00:37:34.79444+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d1-7a38-b0ea-ce8938d5f082', 89, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03b6-75c5-a445-a84a06810857', 'budget-3-14', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.801984+00', '2026-11-28 00:37:34.801984+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d1-740a-b5ae-fb91ade4be65', 90, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-14-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.801984+00', '2026-11-28 00:37:34.801984+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d9-7ce3-9d02-dc19e2529a3a', 91, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03d4-741f-9502-ced5d4484cd6', 'budget-2-15', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.809762+00', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03d9-7ff4-baff-6e3a9347fdb1', 92, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03d4-79e6-a1c8-3bf284500a85', 'budget-1-15', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.809762+00', '2026-11-28 00:37:34.809762+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03dc-7a29-a5dd-8ca478a0aadd', 93, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03d6-7e16-8c47-20d5a0e7e5ce', 'budget-0-15', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.812942+00', '2026-11-28 00:37:34.812942+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03dc-7847-ba9e-742099b42203', 94, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-14-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.812942+00', '2026-11-28 00:37:34.812942+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e1-7b40-a04c-1639a8b56442', 95, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-15-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.81753+00', '2026-11-28 00:37:34.81753+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e3-7e8f-9316-753a73f9eb4f', 96, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-15-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.819708+00', '2026-11-28 00:37:34.819708+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e9-764c-a3d9-0048ff7fab53', 97, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-15-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.825693+00', '2026-11-28 00:37:34.825693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03e9-7ffe-8709-5adb9eb175bc', 98, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-03e6-75e1-a186-114a77263c3c', 'budget-3-15', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.825693+00', '2026-11-28 00:37:34.825693+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03f4-7045-bc04-0bab23dc7877', 99, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-16-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.836697+00', '2026-11-28 00:37:34.836697+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03f4-7f91-be99-f128bf00c759', 100, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-15-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.836697+00', '2026-11-28 00:37:34.836697+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-03f4-7e30-8cab-36c9bf0c210d', 101, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-16-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.836697+00', '2026-11-28 00:37:34.836697+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0403-770b-af86-6ad55e1b8491', 102, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-16-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.851184+00', '2026-11-28 00:37:34.851184+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0405-7768-a85c-32a77f13a7db', 103, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0401-7ed9-ba7b-6082598c852c', 'budget-1-17', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.853495+00', '2026-11-28 00:37:34.853495+00');
INSERT INTO public.usage_events_2026_11 VALUES
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0405-7ba8-be1f-82ccd0cffd6f', 104, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0401-7df6-9ebc-6ebba0460e6e', 'budget-2-17', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.853495+00', '2026-11-28 00:37:34.853495+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0412-722f-82d1-9b63bce972c0', 105, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-16-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.866655+00', '2026-11-28 00:37:34.866655+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0412-750e-9750-12c40e4979a8', 106, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-17-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.866655+00', '2026-11-28 00:37:34.866655+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0414-7566-9736-a33171417f10', 107, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-17-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.868809+00', '2026-11-28 00:37:34.868809+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0414-7000-b3d9-9732ad4f0b0f', 108, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0409-7f54-bf2a-cc864ee7facc', 'budget-0-17', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.868809+00', '2026-11-28 00:37:34.868809+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-041e-75d2-8c55-6c30057b59fb', 109, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0419-7ca9-89d1-743fcbccc024', 'budget-3-17', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.878831+00', '2026-11-28 00:37:34.878831+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-041e-758d-b8d4-b4b9f04761b1', 110, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-17-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.878831+00', '2026-11-28 00:37:34.878831+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0422-7ada-9e6a-7865aa1e39f7', 111, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-18-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.882106+00', '2026-11-28 00:37:34.882106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-042a-7ead-8466-b55faf8ab7ec', 112, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-18-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.890736+00', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-042a-7cf3-8684-bdbd8e01a5d9', 113, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-17-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.890736+00', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-042a-7487-b66a-d020b91cf321', 114, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-18-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.890736+00', '2026-11-28 00:37:34.890736+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0432-78a3-9f30-052fd2da65bb', 115, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-19-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.898873+00', '2026-11-28 00:37:34.898873+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0437-746b-bedf-a3d9fae12b26', 116, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-18-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.903271+00', '2026-11-28 00:37:34.903271+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0437-774e-aa04-38f1bfadabce', 117, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-19-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.903271+00', '2026-11-28 00:37:34.903271+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-043e-71ba-9de4-67555fd0c1d2', 118, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-19-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.910772+00', '2026-11-28 00:37:34.910772+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0446-7a1e-b71c-de2885d2e788', 119, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-043c-7743-ae29-38d503ecc346', 'budget-2-20', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.918006+00', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0446-7336-a212-3e100b1a131b', 120, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-043b-75de-abcd-d87bbda3904f', 'budget-1-20', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.918006+00', '2026-11-28 00:37:34.918006+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-044c-7ad5-bd87-5a0ac12b9010', 121, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-19-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.924148+00', '2026-11-28 00:37:34.924148+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-044f-7050-8380-d16d1cccd16d', 122, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0442-7035-97ef-782f52dc6780', 'budget-0-20', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.927037+00', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-044f-7f20-a6de-669972599dac', 123, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-20-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.927037+00', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-044f-72e8-801d-68a7eb4e07a4', 124, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-20-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.927037+00', '2026-11-28 00:37:34.927037+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-045c-7bbc-bbd4-43a53ea0ee3a', 125, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-20-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.940279+00', '2026-11-28 00:37:34.940279+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-045f-7c9e-9dc1-18890e588213', 126, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0459-74d6-9654-e5cb504c591a', 'budget-2-21', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.943906+00', '2026-11-28 00:37:34.943906+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0466-7a9c-8f86-93b43462a0fd', 127, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0459-7212-945b-c06ee1364e73', 'budget-1-21', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.950106+00', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0466-79e1-8a64-79e7479eac3b', 128, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0455-7715-b07a-7d61ffbd37f3', 'budget-3-20', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.950106+00', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0466-7eae-b38b-c644cb57409e', 129, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-21-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.950106+00', '2026-11-28 00:37:34.950106+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-046a-7e4c-8197-70117c406872', 130, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-0461-7ad4-850e-ef51fbd6889e', 'budget-0-21', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.95476+00', '2026-11-28 00:37:34.95476+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0473-7f40-98a7-19130cb4865f', 131, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-3-20-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.963948+00', '2026-11-28 00:37:34.963948+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0473-74bd-83f9-0c4babcce593', 132, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-1-21-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.963948+00', '2026-11-28 00:37:34.963948+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0478-7a62-a7f2-90827d6311f8', 133, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-21-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.968985+00', '2026-11-28 00:37:34.968985+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-048a-7d1e-9a2d-09c14665b951', 134, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-22-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:34.986608+00', '2026-11-28 00:37:34.986608+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0492-7e12-a3f3-2090005796ef', 135, '01a21f96-0169-79a5-abd4-558f6a40e991', '01a21f96-014c-70b0-8834-dcd9181a2838', '01a21f96-048f-7f4e-aaff-96cac80997d1', 'budget-2-23', 1, 5, 2, 0, 0, 20000000, 'p', 'm-1', 0, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f,01a21f96-0172-7960-8b21-bd86632f4f5a}', '{1,1,1,1,1}', '{}', '2026-11-28 00:37:34.994927+00', '2026-11-28 00:37:34.994927+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-0498-769d-8429-f91798d38407', 136, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-0-22-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:35.000985+00', '2026-11-28 00:37:35.000985+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-049f-78fc-b4b4-bad22a3ecbd4', 137, '01a21f96-0152-79d2-b274-6ebaf86c24fb', '01a21f96-014c-70b0-8834-dcd9181a2838', NULL, 'budget-2-23-extra', 1, 2, 1, 0, 0, 3, '', '', 1, '{01a21f96-015b-79ef-920d-74b5af7c6f80,01a21f96-0163-73e7-a6e4-4d73478b7202,01a21f96-0167-7553-8003-4229ee6e0ee1,01a21f96-015f-7795-a16e-39a9b6fbca1f}', '{1,1,1,1}', '{}', '2026-11-28 00:37:35.007134+00', '2026-11-28 00:37:35.007134+00');


INSERT INTO public.usage_hours VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '2026-11-28 00:00:00+00', '01a21f96-00f3-7947-89fd-ceba3e8a52a9', '', 'm', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', 3, 6, 0, 0, 0, 1500000000);


INSERT INTO public.usage_workspace_days VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '2026-11-28 00:00:00+00', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', '', 'm', 3, 6, 0, 0, 0, 1500000000);


INSERT INTO public.usage_workspace_hours VALUES
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '2026-11-28 00:00:00+00', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', '', 'm', 3, 6, 0, 0, 0, 1500000000);


INSERT INTO public.workspaces VALUES
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-0067-7137-bd65-8fbf4854566a', 'Production', 'production', '2026-11-28 00:37:33.92714+00'),
	('01a21f96-004e-73df-9785-278b95d9ffd6', '01a21f96-006f-7985-a4d1-66312d552a9f', 'Research', 'research', '2026-11-28 00:37:33.935655+00'),
	('01a21f96-00da-7f9d-b900-5e64181dd2e4', '01a21f96-00e1-7ed9-8033-7ccedd966d6e', 'work', 'work', '2026-11-28 00:37:34.049993+00'),
	('01a21f96-0149-7978-b9b5-06c0fb7870af', '01a21f96-014c-70b0-8834-dcd9181a2838', 'work', 'work', '2026-11-28 00:37:34.156107+00');


SELECT pg_catalog.setval('public.goose_db_version_id_seq', 13, true);


SELECT pg_catalog.setval('public.river_job_id_seq', 1, true);


SELECT pg_catalog.setval('public.river_notification_id_seq', 1, true);


SELECT pg_catalog.setval('public.usage_events_position_seq', 137, true);


ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.alert_deliveries
    ADD CONSTRAINT alert_deliveries_pkey PRIMARY KEY (organization_id, alert_id, purpose, address);


ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.api_key_secrets
    ADD CONSTRAINT api_key_secrets_pkey PRIMARY KEY (organization_id, api_key_id, secret_hash);


ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.budget_periods
    ADD CONSTRAINT budget_periods_pkey PRIMARY KEY (organization_id, counter_id, period_number);


ALTER TABLE ONLY public.counters
    ADD CONSTRAINT counters_limit_id_key UNIQUE (limit_id, organization_id);


ALTER TABLE ONLY public.counters
    ADD CONSTRAINT counters_pkey PRIMARY KEY (id, organization_id);


ALTER TABLE ONLY public.dropped_charges
    ADD CONSTRAINT dropped_charges_pkey PRIMARY KEY (organization_id, counter_id, period_number);


ALTER TABLE ONLY public.dropped_usage_months
    ADD CONSTRAINT dropped_usage_months_pkey PRIMARY KEY (organization_id, month);


ALTER TABLE ONLY public.goose_db_version
    ADD CONSTRAINT goose_db_version_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (kind);


ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_subject_type_period_key UNIQUE (organization_id, subject_id, kind, type, period);


ALTER TABLE ONLY public.mail_calls
    ADD CONSTRAINT mail_calls_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.mail_pace
    ADD CONSTRAINT mail_pace_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_slug_key UNIQUE (slug);


ALTER TABLE ONLY public.outbox_mails
    ADD CONSTRAINT outbox_mails_idempotency_key_key UNIQUE (idempotency_key);


ALTER TABLE ONLY public.outbox_mails
    ADD CONSTRAINT outbox_mails_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT recipients_pkey PRIMARY KEY (organization_id, subject_id, address);


ALTER TABLE ONLY public.reservation_sweeps
    ADD CONSTRAINT reservation_sweeps_pkey PRIMARY KEY (organization_id);


ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT reservations_pkey PRIMARY KEY (id, organization_id);


ALTER TABLE ONLY public.river_job
    ADD CONSTRAINT river_job_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.river_leader
    ADD CONSTRAINT river_leader_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.river_migration
    ADD CONSTRAINT river_migration_pkey1 PRIMARY KEY (line, version);


ALTER TABLE ONLY public.river_notification
    ADD CONSTRAINT river_notification_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.river_queue
    ADD CONSTRAINT river_queue_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.rollup_watermarks
    ADD CONSTRAINT rollup_watermarks_pkey PRIMARY KEY (organization_id);


ALTER TABLE ONLY public.schema_objects
    ADD CONSTRAINT schema_objects_pkey PRIMARY KEY (kind, identity);


ALTER TABLE ONLY public.schema_release
    ADD CONSTRAINT schema_release_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.suppressed_addresses
    ADD CONSTRAINT suppressed_addresses_pkey PRIMARY KEY (organization_id, address);


ALTER TABLE ONLY public.usage_days
    ADD CONSTRAINT usage_days_pkey PRIMARY KEY (organization_id, bucket_start, api_key_id, provider, model);


ALTER TABLE ONLY public.usage_event_requests
    ADD CONSTRAINT usage_event_requests_pkey PRIMARY KEY (organization_id, request_id);


ALTER TABLE ONLY public.usage_events
    ADD CONSTRAINT usage_events_pkey PRIMARY KEY (id, recorded_at, organization_id);


ALTER TABLE ONLY public.usage_events_2026_11
    ADD CONSTRAINT usage_events_2026_11_pkey PRIMARY KEY (id, recorded_at, organization_id);


ALTER TABLE ONLY public.usage_events_2026_12
    ADD CONSTRAINT usage_events_2026_12_pkey PRIMARY KEY (id, recorded_at, organization_id);


ALTER TABLE ONLY public.usage_events_default
    ADD CONSTRAINT usage_events_default_pkey PRIMARY KEY (id, recorded_at, organization_id);


ALTER TABLE ONLY public.usage_hours
    ADD CONSTRAINT usage_hours_pkey PRIMARY KEY (organization_id, bucket_start, api_key_id, provider, model);


ALTER TABLE ONLY public.usage_workspace_days
    ADD CONSTRAINT usage_workspace_days_key UNIQUE NULLS NOT DISTINCT (organization_id, bucket_start, workspace_id, provider, model);


ALTER TABLE ONLY public.usage_workspace_hours
    ADD CONSTRAINT usage_workspace_hours_key UNIQUE NULLS NOT DISTINCT (organization_id, bucket_start, workspace_id, provider, model);


ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_pkey PRIMARY KEY (organization_id, id);


ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_slug_key UNIQUE (organization_id, slug);


CREATE INDEX access_tokens_id_idx ON public.access_tokens USING hash (id);


CREATE INDEX access_tokens_member_id_idx ON public.access_tokens USING btree (organization_id, member_id) WHERE (member_id IS NOT NULL);


CREATE INDEX access_tokens_token_hash_idx ON public.access_tokens USING btree (token_hash);


CREATE INDEX alert_deliveries_mail_id_idx ON public.alert_deliveries USING btree (mail_id) WHERE (mail_id IS NOT NULL);


CREATE INDEX alert_deliveries_next_attempt_at_idx ON public.alert_deliveries USING btree (next_attempt_at) WHERE (status = 'QUEUED'::public.delivery_status);


CREATE INDEX alert_deliveries_provider_id_idx ON public.alert_deliveries USING btree (provider_id) WHERE (provider_id IS NOT NULL);


CREATE INDEX alert_deliveries_status_at_idx ON public.alert_deliveries USING btree (status_at);


CREATE INDEX alert_deliveries_waiting_address_idx ON public.alert_deliveries USING btree (organization_id, address) WHERE ((status = 'QUEUED'::public.delivery_status) AND (mail_id IS NULL));


CREATE INDEX alert_deliveries_waiting_idx ON public.alert_deliveries USING btree (next_attempt_at) WHERE ((status = 'QUEUED'::public.delivery_status) AND (mail_id IS NULL));


CREATE INDEX alerts_id_idx ON public.alerts USING hash (id);


CREATE INDEX alerts_newest_idx ON public.alerts USING btree (uuid_send(id));


CREATE INDEX alerts_subject_id_idx ON public.alerts USING btree (organization_id, subject_id, id);


CREATE UNIQUE INDEX alerts_threshold_key ON public.alerts USING btree (organization_id, budget_limit_id, period_number, threshold_units) WHERE (kind = 'THRESHOLD'::public.alert_kind);


CREATE UNIQUE INDEX api_key_secrets_current_key ON public.api_key_secrets USING btree (organization_id, api_key_id) WHERE (transition_ends_at IS NULL);


CREATE INDEX api_key_secrets_secret_hash_idx ON public.api_key_secrets USING btree (secret_hash) INCLUDE (organization_id, api_key_id, transition_ends_at);


CREATE INDEX api_keys_created_by_id_idx ON public.api_keys USING btree (organization_id, created_by_id) WHERE (created_by_id IS NOT NULL);


CREATE INDEX api_keys_id_idx ON public.api_keys USING hash (id);


CREATE INDEX api_keys_newest_idx ON public.api_keys USING btree (uuid_send(id));


CREATE INDEX api_keys_workspace_id_idx ON public.api_keys USING btree (organization_id, workspace_id, id);


CREATE INDEX audit_log_id_idx ON public.audit_log USING hash (id);


CREATE INDEX audit_log_newest_idx ON public.audit_log USING btree (uuid_send(id));


CREATE INDEX audit_log_newest_target_idx ON public.audit_log USING btree (target_id, uuid_send(id));


CREATE INDEX audit_log_target_id_idx ON public.audit_log USING btree (target_id, id);


CREATE INDEX budget_periods_closed_at_idx ON public.budget_periods USING btree (organization_id, counter_id) WHERE (closed_at IS NULL);


CREATE INDEX counters_closes_at_idx ON public.counters USING btree (organization_id, closes_at) WHERE (closes_at IS NOT NULL);


CREATE INDEX counters_subject_id_idx ON public.counters USING btree (organization_id, subject_id);


CREATE INDEX dropped_usage_months_month_idx ON public.dropped_usage_months USING btree (month);


CREATE INDEX mail_calls_next_attempt_at_idx ON public.mail_calls USING btree (next_attempt_at);


CREATE INDEX mails_call_id_idx ON public.mails USING btree (call_id, "position");


CREATE INDEX members_address_idx ON public.members USING btree (lower(email));


CREATE UNIQUE INDEX members_email_key ON public.members USING btree (organization_id, lower(email));


CREATE INDEX members_id_idx ON public.members USING hash (id);


CREATE INDEX reservations_expires_at_idx ON public.reservations USING btree (organization_id, expires_at) WHERE (status = 'HELD'::public.reservation_status);


CREATE UNIQUE INDEX reservations_request_id_key ON public.reservations USING btree (organization_id, request_id) WHERE (request_id IS NOT NULL);


CREATE INDEX river_job_args_index ON public.river_job USING gin (args);


CREATE INDEX river_job_kind ON public.river_job USING btree (kind);


CREATE INDEX river_job_metadata_index ON public.river_job USING gin (metadata);


CREATE INDEX river_job_prioritized_fetching_index ON public.river_job USING btree (state, queue, priority, scheduled_at, id);


CREATE INDEX river_job_state_and_finalized_at_index ON public.river_job USING btree (state, finalized_at) WHERE (finalized_at IS NOT NULL);


CREATE UNIQUE INDEX river_job_unique_idx ON public.river_job USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_states IS NOT NULL) AND public.river_job_state_in_bitmask(unique_states, state));


CREATE INDEX river_notification_created_at_idx ON public.river_notification USING btree (created_at);


CREATE INDEX river_notification_topic_id_idx ON public.river_notification USING btree (topic, id);


CREATE INDEX usage_days_api_key_id_idx ON public.usage_days USING btree (organization_id, api_key_id, bucket_start);


CREATE INDEX usage_event_requests_recorded_at_idx ON public.usage_event_requests USING brin (recorded_at);


CREATE INDEX usage_events_position_idx ON ONLY public.usage_events USING btree (organization_id, "position");


CREATE INDEX usage_events_2026_11_organization_id_position_idx ON public.usage_events_2026_11 USING btree (organization_id, "position");


CREATE INDEX usage_events_2026_12_organization_id_position_idx ON public.usage_events_2026_12 USING btree (organization_id, "position");


CREATE INDEX usage_events_default_organization_id_position_idx ON public.usage_events_default USING btree (organization_id, "position");


CREATE INDEX usage_hours_api_key_id_idx ON public.usage_hours USING btree (organization_id, api_key_id, bucket_start);


CREATE INDEX workspaces_id_idx ON public.workspaces USING hash (id);


ALTER INDEX public.usage_events_position_idx ATTACH PARTITION public.usage_events_2026_11_organization_id_position_idx;


ALTER INDEX public.usage_events_pkey ATTACH PARTITION public.usage_events_2026_11_pkey;


ALTER INDEX public.usage_events_position_idx ATTACH PARTITION public.usage_events_2026_12_organization_id_position_idx;


ALTER INDEX public.usage_events_pkey ATTACH PARTITION public.usage_events_2026_12_pkey;


ALTER INDEX public.usage_events_position_idx ATTACH PARTITION public.usage_events_default_organization_id_position_idx;


ALTER INDEX public.usage_events_pkey ATTACH PARTITION public.usage_events_default_pkey;


CREATE TRIGGER access_tokens_audit AFTER INSERT OR DELETE OR UPDATE ON public.access_tokens FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER access_tokens_no_truncate BEFORE TRUNCATE ON public.access_tokens FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER access_tokens_orphaned BEFORE UPDATE OF member_id ON public.access_tokens FOR EACH ROW WHEN (((old.member_id IS NOT NULL) AND (new.member_id IS DISTINCT FROM old.member_id))) EXECUTE FUNCTION public.revoke_orphaned_token();


CREATE TRIGGER alert_deliveries_notify AFTER INSERT ON public.alert_deliveries REFERENCING NEW TABLE AS queued FOR EACH STATEMENT EXECUTE FUNCTION public.notify_mail_due();


CREATE TRIGGER alert_deliveries_status_at BEFORE UPDATE OF status ON public.alert_deliveries FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION public.date_delivery_status();


CREATE TRIGGER api_key_secrets_audit AFTER INSERT OR DELETE OR UPDATE ON public.api_key_secrets FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER api_key_secrets_no_truncate BEFORE TRUNCATE ON public.api_key_secrets FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER api_keys_audit AFTER INSERT OR DELETE OR UPDATE OF organization_id, id, workspace_id, created_by_id, name, description, prefix, enabled, disabled_by_administrator, email_notifications, metadata, created_at, expires_at, expires_at_most, revoked_at ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER api_keys_no_truncate BEFORE TRUNCATE ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER counters_limit AFTER INSERT OR DELETE OR UPDATE OF organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation ON public.counters FOR EACH ROW EXECUTE FUNCTION public.match_limit();


CREATE TRIGGER counters_no_truncate BEFORE TRUNCATE ON public.counters FOR EACH STATEMENT EXECUTE FUNCTION public.match_limit();


CREATE TRIGGER limits_audit AFTER INSERT OR DELETE OR UPDATE ON public.limits FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER limits_counters AFTER INSERT OR DELETE OR UPDATE ON public.limits FOR EACH ROW EXECUTE FUNCTION public.keep_counters();


CREATE TRIGGER limits_no_truncate BEFORE TRUNCATE ON public.limits FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER members_audit AFTER INSERT OR DELETE OR UPDATE ON public.members FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER members_no_truncate BEFORE TRUNCATE ON public.members FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE CONSTRAINT TRIGGER members_owner_demoted AFTER UPDATE OF role ON public.members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.role = 'OWNER'::public.member_role) AND (new.role <> 'OWNER'::public.member_role))) EXECUTE FUNCTION public.keep_an_owner();


CREATE CONSTRAINT TRIGGER members_owner_removed AFTER DELETE ON public.members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.role = 'OWNER'::public.member_role)) EXECUTE FUNCTION public.keep_an_owner();


CREATE TRIGGER organizations_audit AFTER INSERT OR DELETE OR UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER organizations_no_truncate BEFORE TRUNCATE ON public.organizations FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER recipients_audit AFTER INSERT OR DELETE OR UPDATE ON public.recipients FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER recipients_no_truncate BEFORE TRUNCATE ON public.recipients FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER suppressed_addresses_audit AFTER INSERT OR DELETE OR UPDATE ON public.suppressed_addresses FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER suppressed_addresses_no_truncate BEFORE TRUNCATE ON public.suppressed_addresses FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


CREATE TRIGGER usage_events_append_only BEFORE DELETE OR UPDATE ON public.usage_events FOR EACH ROW EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER usage_events_no_truncate BEFORE TRUNCATE ON public.usage_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


CREATE TRIGGER workspaces_audit AFTER INSERT OR DELETE OR UPDATE ON public.workspaces FOR EACH ROW EXECUTE FUNCTION public.write_audit_log();


CREATE TRIGGER workspaces_no_truncate BEFORE TRUNCATE ON public.workspaces FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();


ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_member_id_fkey FOREIGN KEY (organization_id, member_id) REFERENCES public.members(organization_id, id) ON DELETE SET NULL (member_id);


ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.alert_deliveries
    ADD CONSTRAINT alert_deliveries_alert_id_fkey FOREIGN KEY (organization_id, alert_id) REFERENCES public.alerts(organization_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.api_key_secrets
    ADD CONSTRAINT api_key_secrets_api_key_id_fkey FOREIGN KEY (organization_id, api_key_id) REFERENCES public.api_keys(organization_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_created_by_id_fkey FOREIGN KEY (organization_id, created_by_id) REFERENCES public.members(organization_id, id) ON DELETE SET NULL (created_by_id);


ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id);


ALTER TABLE ONLY public.budget_periods
    ADD CONSTRAINT budget_periods_counter_id_fkey FOREIGN KEY (organization_id, counter_id) REFERENCES public.counters(organization_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY public.counters
    ADD CONSTRAINT counters_limit_id_fkey FOREIGN KEY (organization_id, limit_id) REFERENCES public.limits(organization_id, id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.dropped_charges
    ADD CONSTRAINT dropped_charges_counter_id_fkey FOREIGN KEY (organization_id, counter_id) REFERENCES public.counters(organization_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_api_key_id_fkey FOREIGN KEY (organization_id, api_key_id) REFERENCES public.api_keys(organization_id, id);


ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id);


ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_call_id_fkey FOREIGN KEY (call_id) REFERENCES public.mail_calls(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT recipients_api_key_id_fkey FOREIGN KEY (organization_id, api_key_id) REFERENCES public.api_keys(organization_id, id);


ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT recipients_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT recipients_workspace_id_fkey FOREIGN KEY (organization_id, workspace_id) REFERENCES public.workspaces(organization_id, id);


ALTER TABLE ONLY public.suppressed_addresses
    ADD CONSTRAINT suppressed_addresses_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT workspaces_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


ALTER TABLE public.access_tokens ENABLE ROW LEVEL SECURITY;

CREATE POLICY access_tokens_authenticator_policy ON public.access_tokens TO bursar_authenticator USING ((token_hash = ( SELECT public.presented_token_hash() AS presented_token_hash)));


CREATE POLICY access_tokens_operator_policy ON public.access_tokens TO bursar_operator USING (true);


CREATE POLICY access_tokens_organization_policy ON public.access_tokens TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.alert_deliveries ENABLE ROW LEVEL SECURITY;

CREATE POLICY alert_deliveries_operator_policy ON public.alert_deliveries TO bursar_operator USING (true);


CREATE POLICY alert_deliveries_organization_policy ON public.alert_deliveries TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.alerts ENABLE ROW LEVEL SECURITY;

CREATE POLICY alerts_operator_policy ON public.alerts TO bursar_operator USING (true);


CREATE POLICY alerts_organization_policy ON public.alerts TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.api_key_secrets ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_key_secrets_operator_policy ON public.api_key_secrets TO bursar_operator USING (true);


CREATE POLICY api_key_secrets_organization_policy ON public.api_key_secrets TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_keys_operator_policy ON public.api_keys TO bursar_operator USING (true);


CREATE POLICY api_keys_organization_policy ON public.api_keys TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_log_operator_policy ON public.audit_log TO bursar_operator USING (true);


CREATE POLICY audit_log_organization_policy ON public.audit_log TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.budget_periods ENABLE ROW LEVEL SECURITY;

CREATE POLICY budget_periods_operator_policy ON public.budget_periods TO bursar_operator USING (true);


CREATE POLICY budget_periods_organization_policy ON public.budget_periods TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.counters ENABLE ROW LEVEL SECURITY;

CREATE POLICY counters_operator_policy ON public.counters TO bursar_operator USING (true);


CREATE POLICY counters_organization_policy ON public.counters TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.dropped_charges ENABLE ROW LEVEL SECURITY;

CREATE POLICY dropped_charges_operator_policy ON public.dropped_charges TO bursar_operator USING (true);


CREATE POLICY dropped_charges_organization_policy ON public.dropped_charges TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.dropped_usage_months ENABLE ROW LEVEL SECURITY;

CREATE POLICY dropped_usage_months_operator_policy ON public.dropped_usage_months TO bursar_operator USING (true);


CREATE POLICY dropped_usage_months_organization_policy ON public.dropped_usage_months TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;

CREATE POLICY jobs_operator_policy ON public.jobs TO bursar_operator USING (true);


ALTER TABLE public.ledger_differences ENABLE ROW LEVEL SECURITY;

CREATE POLICY ledger_differences_operator_policy ON public.ledger_differences TO bursar_operator USING (true);


CREATE POLICY ledger_differences_organization_policy ON public.ledger_differences TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.limit_statuses ENABLE ROW LEVEL SECURITY;

CREATE POLICY limit_statuses_operator_policy ON public.limit_statuses TO bursar_operator USING (true);


CREATE POLICY limit_statuses_organization_policy ON public.limit_statuses TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.limits ENABLE ROW LEVEL SECURITY;

CREATE POLICY limits_operator_policy ON public.limits TO bursar_operator USING (true);


CREATE POLICY limits_organization_policy ON public.limits TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.mails ENABLE ROW LEVEL SECURITY;

CREATE POLICY mails_operator_policy ON public.mails TO bursar_operator USING (true);


CREATE POLICY mails_organization_policy ON public.mails TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;

CREATE POLICY members_authenticator_policy ON public.members TO bursar_authenticator USING (((lower(email) = ( SELECT public.presented_email() AS presented_email)) OR (id = ( SELECT t.member_id
   FROM public.access_tokens t
  WHERE (t.token_hash = ( SELECT public.presented_token_hash() AS presented_token_hash))
 LIMIT 1))));


CREATE POLICY members_operator_policy ON public.members TO bursar_operator USING (true);


CREATE POLICY members_organization_policy ON public.members TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;

CREATE POLICY organizations_authenticator_policy ON public.organizations TO bursar_authenticator USING ((id IN ( SELECT m.organization_id
   FROM public.members m
  WHERE (lower(m.email) = ( SELECT public.presented_email() AS presented_email)))));


CREATE POLICY organizations_operator_policy ON public.organizations TO bursar_operator USING (true);


CREATE POLICY organizations_organization_policy ON public.organizations TO bursar_server USING ((id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.recipients ENABLE ROW LEVEL SECURITY;

CREATE POLICY recipients_operator_policy ON public.recipients TO bursar_operator USING (true);


CREATE POLICY recipients_organization_policy ON public.recipients TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.reservation_sweeps ENABLE ROW LEVEL SECURITY;

CREATE POLICY reservation_sweeps_operator_policy ON public.reservation_sweeps TO bursar_operator USING (true);


CREATE POLICY reservation_sweeps_organization_policy ON public.reservation_sweeps TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.reservations ENABLE ROW LEVEL SECURITY;

CREATE POLICY reservations_operator_policy ON public.reservations TO bursar_operator USING (true);


CREATE POLICY reservations_organization_policy ON public.reservations TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.rollup_watermarks ENABLE ROW LEVEL SECURITY;

CREATE POLICY rollup_watermarks_operator_policy ON public.rollup_watermarks TO bursar_operator USING (true);


CREATE POLICY rollup_watermarks_organization_policy ON public.rollup_watermarks TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.suppressed_addresses ENABLE ROW LEVEL SECURITY;

CREATE POLICY suppressed_addresses_operator_policy ON public.suppressed_addresses TO bursar_operator USING (true);


CREATE POLICY suppressed_addresses_organization_policy ON public.suppressed_addresses TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_days ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_days_operator_policy ON public.usage_days TO bursar_operator USING (true);


CREATE POLICY usage_days_organization_policy ON public.usage_days TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_event_requests ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_event_requests_operator_policy ON public.usage_event_requests TO bursar_operator USING (true);


CREATE POLICY usage_event_requests_organization_policy ON public.usage_event_requests TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_events ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_events_operator_policy ON public.usage_events TO bursar_operator USING (true);


CREATE POLICY usage_events_organization_policy ON public.usage_events TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_hours ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_hours_operator_policy ON public.usage_hours TO bursar_operator USING (true);


CREATE POLICY usage_hours_organization_policy ON public.usage_hours TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_workspace_days ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_workspace_days_operator_policy ON public.usage_workspace_days TO bursar_operator USING (true);


CREATE POLICY usage_workspace_days_organization_policy ON public.usage_workspace_days TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.usage_workspace_hours ENABLE ROW LEVEL SECURITY;

CREATE POLICY usage_workspace_hours_operator_policy ON public.usage_workspace_hours TO bursar_operator USING (true);


CREATE POLICY usage_workspace_hours_organization_policy ON public.usage_workspace_hours TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


ALTER TABLE public.workspaces ENABLE ROW LEVEL SECURITY;

CREATE POLICY workspaces_operator_policy ON public.workspaces TO bursar_operator USING (true);


CREATE POLICY workspaces_organization_policy ON public.workspaces TO bursar_server USING ((organization_id = ( SELECT public.current_organization() AS current_organization)));


GRANT USAGE ON SCHEMA public TO bursar_server;
GRANT USAGE ON SCHEMA public TO bursar_authenticator;


REVOKE ALL ON FUNCTION public.add_usage(p_organization_id uuid, p_after bigint, p_upto bigint, p_from timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.admit_requests(p_scopes public.scope_batch, p_requests public.request_batch, p_barred boolean[], p_first_of_id integer[], p_now timestamp with time zone, p_has_expired_holds boolean, OUT admitted boolean[], OUT earlier integer[], OUT counter_ids uuid[], OUT counter_units numeric[], OUT refused_requests integer[], OUT refused_counter_ids uuid[]) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.answer_reports(p_scopes public.scope_batch, p_scope_indexes integer[], p_reservations public.reservation_batch, p_decision public.report_decision_batch, p_limits jsonb[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.answer_reservations(p_scopes public.scope_batch, p_scope_indexes integer[], p_decision public.decision_batch, p_denials jsonb[], p_limits jsonb[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.uuid_v7(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.uuid_v7(at timestamp with time zone) TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(name) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(description) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(prefix) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(enabled) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(disabled_by_administrator) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(email_notifications) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(metadata) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(expires_at) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(expires_at_most) ON TABLE public.api_keys TO bursar_server;


GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO bursar_server;


REVOKE ALL ON FUNCTION public.api_key_denial(p_api_key public.api_keys, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.api_key_has(p_api_key public.api_keys, p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_key_has(p_api_key public.api_keys, p_text text) TO bursar_server;


REVOKE ALL ON FUNCTION public.api_key_status_at(p_api_key public.api_keys, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_key_status_at(p_api_key public.api_keys, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.api_key_status_of(p_api_key public.api_keys, p_now timestamp with time zone, p_exhausted boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_key_status_of(p_api_key public.api_keys, p_now timestamp with time zone, p_exhausted boolean) TO bursar_server;


REVOKE ALL ON FUNCTION public.audit_json(p_row jsonb, p_prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_json(p_row jsonb, p_prefix text) TO bursar_server;


GRANT SELECT,INSERT,DELETE ON TABLE public.limits TO bursar_server;


GRANT UPDATE(type) ON TABLE public.limits TO bursar_server;


GRANT UPDATE(period) ON TABLE public.limits TO bursar_server;


GRANT UPDATE(max_units) ON TABLE public.limits TO bursar_server;


GRANT UPDATE(alert_units) ON TABLE public.limits TO bursar_server;


GRANT UPDATE(generation) ON TABLE public.limits TO bursar_server;


GRANT UPDATE(generation_started_at) ON TABLE public.limits TO bursar_server;


REVOKE ALL ON FUNCTION public.begin_generation(p_limit public.limits) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.book_usage(p_scopes public.scope_batch, p_reports public.report_batch, p_reservations public.reservation_batch, p_charges public.charged_counters[], p_decision public.report_decision_batch, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.bound_buckets(p_number bigint, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bound_buckets(p_number bigint, p_most integer) TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.budget_periods TO bursar_server;


GRANT UPDATE(alerted_units) ON TABLE public.budget_periods TO bursar_server;


GRANT UPDATE(exhaustion_alerted) ON TABLE public.budget_periods TO bursar_server;


REVOKE ALL ON FUNCTION public.budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.budget_periods_of(p_organization_id uuid, p_budget_limit_id uuid, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.charge_counters(p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_used_requests bigint, p_used_tokens bigint, p_used_cost_nanos bigint, p_held_tokens bigint, p_held_cost_nanos bigint) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.charge_demand(p_demand public.demand_batch, p_decision public.decision_batch, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.check_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_skip_limits boolean[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.close_periods(p_organization_id uuid, p_limit integer, p_now timestamp with time zone) FROM PUBLIC;


GRANT SELECT ON TABLE public.reservations TO bursar_server;


REVOKE ALL ON FUNCTION public.close_reservation(p_reservation public.reservations, p_status public.reservation_status, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.counters_of_scopes(p_scopes public.scope_batch, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.create_limit(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_kind public.limit_kind, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.create_limit(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_kind public.limit_kind, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.create_usage_partitions(p_months_ahead integer, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.current_charges(p_scopes public.scope_batch, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.current_organization() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_organization() TO bursar_server;


REVOKE ALL ON FUNCTION public.date_delivery_status() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.decide_reports(p_scopes public.scope_batch, p_reports public.report_batch, p_reservations public.reservation_batch, p_one_by_one boolean, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.decide_reservations(p_scopes public.scope_batch, p_requests public.request_batch, p_one_by_one boolean, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.delete_closed_reservations(p_keep interval, p_limit integer) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.delete_limit(p_organization_id uuid, p_id uuid, p_kind public.limit_kind) FROM PUBLIC;
GRANT ALL ON FUNCTION public.delete_limit(p_organization_id uuid, p_id uuid, p_kind public.limit_kind) TO bursar_server;


REVOKE ALL ON FUNCTION public.denials_of(p_refused_requests integer[], p_refused_counter_ids uuid[], p_requests public.request_batch, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.drop_usage_partition(p_keep_months integer, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.expire_due_reservations(p_organization_ids uuid[], p_now timestamp with time zone, p_limit integer) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.expire_reservations(p_organization_id uuid, p_now timestamp with time zone, p_limit integer, OUT number integer, OUT last_expires_at timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.expired_holds(p_organization_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;


GRANT SELECT ON TABLE public.counters TO bursar_server;


GRANT UPDATE(period_number) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(period_start) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(period_end) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(used_units) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(reserved_units) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(alerted_units) ON TABLE public.counters TO bursar_server;


GRANT UPDATE(exhaustion_alerted) ON TABLE public.counters TO bursar_server;


REVOKE ALL ON FUNCTION public.expired_units(p_counter public.counters, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.expired_units(p_counter public.counters, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.explain_checks(p_scopes public.scope_batch, p_requests public.request_batch, p_refused integer[], p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.explain_refusals(p_scopes public.scope_batch, p_requests public.request_batch, p_decision public.decision_batch, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.extend_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_ttl_seconds integer[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.extend_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_ttl_seconds integer[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.external_id(p_prefix text, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.external_id(p_prefix text, p_id uuid) TO bursar_server;


REVOKE ALL ON FUNCTION public.find_api_key(p_organization_id uuid, p_secret_hash bytea, p_api_key_id uuid, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.find_ledger_differences(p_organization_id uuid) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.find_reservations(p_organization_ids uuid[], p_scopes public.scope_batch, p_reports public.report_batch) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.find_rollup_differences(p_organization_id uuid) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.full_subjects_at(p_organization_id uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.full_subjects_at(p_organization_id uuid, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.guard_owners(p_organization_id uuid, p_member_id uuid, p_role public.member_role, p_operator boolean, p_caller_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.guard_owners(p_organization_id uuid, p_member_id uuid, p_role public.member_role, p_operator boolean, p_caller_id uuid) TO bursar_server;


REVOKE ALL ON FUNCTION public.has_expired_holds(p_organization_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.has_period(p_organization_id uuid, p_counter_id uuid, p_period_number integer) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.hold_reservations(p_scopes public.scope_batch, p_requests public.request_batch, p_charges public.charged_counters[], p_decision public.decision_batch, p_ttl_seconds integer[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.keep_an_owner() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.keep_counters() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.ledger_begin() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.limit_statuses_at(p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.limit_statuses_at(p_now timestamp with time zone, p_has_expired_holds boolean) TO bursar_server;


REVOKE ALL ON FUNCTION public.limits_of_reports_json(p_scopes public.scope_batch, p_scope_indexes integer[], p_reservations public.reservation_batch, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.limits_of_scopes_json(p_scopes public.scope_batch, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.lock_organizations(p_organization_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lock_organizations(p_organization_ids uuid[]) TO bursar_server;


REVOKE ALL ON FUNCTION public.lock_reports(p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[]) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.lock_scopes(p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[]) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.match_limit() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.measure_demand(p_scopes public.scope_batch, p_requests public.request_batch, p_now timestamp with time zone, p_has_expired_holds boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.note_last_use(p_scopes public.scope_batch, p_scope_indexes integer[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.notify_mail_due() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.owes_alerts(p_used_units numeric, p_max_units bigint, p_alert_units bigint[], p_alerted_units bigint[], p_exhaustion_alerted boolean) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.period_end(period public.limit_period, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.period_end(period public.limit_period, at timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.period_length(period public.limit_period) FROM PUBLIC;
GRANT ALL ON FUNCTION public.period_length(period public.limit_period) TO bursar_server;


REVOKE ALL ON FUNCTION public.period_start(period public.limit_period, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.period_start(period public.limit_period, at timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.presented_email() FROM PUBLIC;
GRANT ALL ON FUNCTION public.presented_email() TO bursar_authenticator;


REVOKE ALL ON FUNCTION public.presented_token_hash() FROM PUBLIC;
GRANT ALL ON FUNCTION public.presented_token_hash() TO bursar_authenticator;


REVOKE ALL ON FUNCTION public.raise_alerts(p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_denied boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.raise_alerts(p_organization_id uuid, p_counter_ids uuid[], p_period_numbers integer[], p_denied boolean, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.raise_reset_notices(p_organization_id uuid, p_budget_limit_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.rebuild_rollups(p_organization_id uuid) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.recipients_of(p_organization_ids uuid[], p_subject_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.recipients_of(p_organization_ids uuid[], p_subject_ids uuid[]) TO bursar_server;


REVOKE ALL ON FUNCTION public.record_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[], p_request_ids text[], p_fingerprints bytea[], p_quantities bigint[], p_cost_nanos bigint[], p_labels text[], p_occurred_at timestamp with time zone[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.record_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[], p_request_ids text[], p_fingerprints bytea[], p_quantities bigint[], p_cost_nanos bigint[], p_labels text[], p_occurred_at timestamp with time zone[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.refuse_change() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.refuse_truncate() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.release_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.release_reservations(p_organization_ids uuid[], p_reservation_ids uuid[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.require_governance(p_organization_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.require_governance(p_organization_id uuid) TO bursar_server;


REVOKE ALL ON FUNCTION public.reservation_json(p_reservation public.reservations, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.reservations_at(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reservations_at(p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.reserve_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reserve_usage(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_request_ids text[], p_fingerprints bytea[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_ttl_seconds integer[], p_skip_limits boolean[], p_ids_only boolean[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.reset_budget_limit(p_organization_id uuid, p_id uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reset_budget_limit(p_organization_id uuid, p_id uuid, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.resolve_scopes(p_access_token_ids uuid[], p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.revoke_orphaned_token() FROM PUBLIC;


REVOKE ALL ON FUNCTION public.roll_counters(p_organization_id uuid, p_subject_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.roll_counters(p_organization_id uuid, p_subject_ids uuid[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.roll_subjects(p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.roll_up_usage(p_organization_id uuid, p_limit integer) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.rolled_up_usage(p_organization_id uuid, p_api_key_id uuid, p_first timestamp with time zone, p_last timestamp with time zone, p_hours boolean, p_keys boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rolled_up_usage(p_organization_id uuid, p_api_key_id uuid, p_first timestamp with time zone, p_last timestamp with time zone, p_hours boolean, p_keys boolean) TO bursar_server;


REVOKE ALL ON FUNCTION public.rotate_api_key(p_organization_id uuid, p_id uuid, p_secret_hash bytea, p_prefix text, p_transition_seconds integer, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rotate_api_key(p_organization_id uuid, p_id uuid, p_secret_hash bytea, p_prefix text, p_transition_seconds integer, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.split_mail_call(p_call_id uuid, p_attempted_at timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.subjects_of(p_api_key public.api_keys) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subjects_of(p_api_key public.api_keys) TO bursar_server;


REVOKE ALL ON FUNCTION public.sweep_reservations(p_organization_id uuid, p_limit integer, p_now timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.swept_until(p_organization_id uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.swept_until(p_organization_id uuid, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.throttle(p_share real) FROM PUBLIC;
GRANT ALL ON FUNCTION public.throttle(p_share real) TO bursar_server;


REVOKE ALL ON FUNCTION public.units_of(p_type public.limit_type, p_requests bigint, p_tokens bigint, p_cost_nanos bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.units_of(p_type public.limit_type, p_requests bigint, p_tokens bigint, p_cost_nanos bigint) TO bursar_server;


REVOKE ALL ON FUNCTION public.update_budget_limit(p_organization_id uuid, p_id uuid, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.update_budget_limit(p_organization_id uuid, p_id uuid, p_type public.limit_type, p_period public.limit_period, p_max_units bigint, p_alert_units bigint[], p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.update_rate_limit(p_organization_id uuid, p_id uuid, p_max_units bigint, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.update_rate_limit(p_organization_id uuid, p_id uuid, p_max_units bigint, p_now timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.usage_bucket_end(p_interval public.usage_interval, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.usage_bucket_end(p_interval public.usage_interval, p_at timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.usage_bucket_start(p_interval public.usage_interval, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.usage_bucket_start(p_interval public.usage_interval, p_at timestamp with time zone) TO bursar_server;


REVOKE ALL ON FUNCTION public.usage_of(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_models text[], p_providers text[], p_interval public.usage_interval, p_dimensions public.usage_dimension[], p_most integer, p_share real) FROM PUBLIC;
GRANT ALL ON FUNCTION public.usage_of(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_models text[], p_providers text[], p_interval public.usage_interval, p_dimensions public.usage_dimension[], p_most integer, p_share real) TO bursar_server;


REVOKE ALL ON FUNCTION public.uuid_v7_prefix(p_at timestamp with time zone) FROM PUBLIC;


REVOKE ALL ON FUNCTION public.write_audit_log() FROM PUBLIC;


GRANT SELECT,INSERT ON TABLE public.access_tokens TO bursar_server;


GRANT SELECT(organization_id) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(id) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(member_id) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(role) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(token_hash) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(expires_at) ON TABLE public.access_tokens TO bursar_authenticator;


GRANT SELECT(revoked_at) ON TABLE public.access_tokens TO bursar_authenticator;
GRANT UPDATE(revoked_at) ON TABLE public.access_tokens TO bursar_server;


GRANT SELECT,INSERT,UPDATE ON TABLE public.alert_deliveries TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.alerts TO bursar_server;


GRANT INSERT,DELETE ON TABLE public.api_key_secrets TO bursar_server;


GRANT SELECT(organization_id) ON TABLE public.api_key_secrets TO bursar_server;


GRANT SELECT(api_key_id) ON TABLE public.api_key_secrets TO bursar_server;


GRANT SELECT(transition_ends_at),UPDATE(transition_ends_at) ON TABLE public.api_key_secrets TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.audit_log TO bursar_server;


GRANT SELECT ON TABLE public.goose_db_version TO bursar_server;


GRANT SELECT ON TABLE public.jobs TO bursar_operator;


GRANT SELECT,INSERT,DELETE ON TABLE public.members TO bursar_server;


GRANT SELECT(organization_id) ON TABLE public.members TO bursar_authenticator;


GRANT SELECT(id) ON TABLE public.members TO bursar_authenticator;


GRANT SELECT(email) ON TABLE public.members TO bursar_authenticator;


GRANT UPDATE(name) ON TABLE public.members TO bursar_server;


GRANT SELECT(role) ON TABLE public.members TO bursar_authenticator;
GRANT UPDATE(role) ON TABLE public.members TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.organizations TO bursar_server;


GRANT SELECT(id) ON TABLE public.organizations TO bursar_authenticator;


GRANT UPDATE(name) ON TABLE public.organizations TO bursar_server;


GRANT SELECT(slug) ON TABLE public.organizations TO bursar_authenticator;


GRANT UPDATE(plan) ON TABLE public.organizations TO bursar_server;


GRANT UPDATE(governance_enabled) ON TABLE public.organizations TO bursar_server;


GRANT SELECT,INSERT,DELETE ON TABLE public.recipients TO bursar_server;


GRANT SELECT ON TABLE public.reservation_sweeps TO bursar_server;


GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_job TO bursar_operator;


GRANT USAGE ON SEQUENCE public.river_job_id_seq TO bursar_operator;


GRANT SELECT ON TABLE public.river_leader TO bursar_operator;


GRANT SELECT ON TABLE public.river_migration TO bursar_server;


GRANT INSERT ON TABLE public.river_notification TO bursar_operator;


GRANT USAGE ON SEQUENCE public.river_notification_id_seq TO bursar_operator;


GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.river_queue TO bursar_operator;


GRANT SELECT ON TABLE public.rollup_watermarks TO bursar_server;


GRANT SELECT ON TABLE public.schema_release TO bursar_server;


GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.suppressed_addresses TO bursar_server;


GRANT SELECT ON TABLE public.usage_days TO bursar_server;


GRANT SELECT ON TABLE public.usage_events TO bursar_server;


GRANT SELECT ON TABLE public.usage_hours TO bursar_server;


GRANT SELECT ON TABLE public.usage_workspace_days TO bursar_server;


GRANT SELECT ON TABLE public.usage_workspace_hours TO bursar_server;


GRANT SELECT,INSERT ON TABLE public.workspaces TO bursar_server;



