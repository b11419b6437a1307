-- drop_usage_partition drops the ledger's oldest partition if its month ended p_keep_months months ago or earlier. In the same
-- transaction it adds the partition's totals to dropped_usage_months and dropped_charges, with which counters and roll-ups can
-- still be verified: corrections with the month of the row that they correct. A partition is kept while some of its rows are not rolled up, or while a reservation that was settled in its
-- month is still stored, and each while an organization is LEAVING or ARRIVING: a month has rows of all of them, which are being copied. Those of an
-- organization that has LEFT go with it. It locks the partition against writers, and the drop itself the whole ledger: each is tried 50 times
-- within 10 seconds, with 0.1 s for the lock each time. Raises lock_not_available if it does not get a lock; nothing is changed
-- then. Returns the partition's name; null when none was dropped.
create or replace function drop_usage_partition(p_keep_months integer, p_now timestamptz default null) returns text
language plpgsql volatile
as $$
declare
  name text;
  month timestamptz;
  kept boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('drop_usage_partition', 0));
  select c.relname, to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC' into name, month
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'usage_events'::regclass and c.relname ~ '^usage_events_\d{4}_\d{2}$'
  order by c.relname limit 1;
  if name is null or period_end('MONTHLY', month)
    > ((coalesce(p_now, clock_timestamp()) at time zone 'UTC') - make_interval(months => p_keep_months)) at time zone 'UTC' then
    return null;
  end if;
  if exists (select from organizations o where o.residence in ('LEAVING', 'ARRIVING')) then
    return null;
  end if;

  for attempt in 1 .. 50 loop
    begin
      set local lock_timeout = '100ms'; -- requests wait behind a lock for at most this long
      execute format('lock table %I in share mode', name); -- until the transaction ends no row is added to it
      exit;
    exception when lock_not_available then
      if attempt = 50 then
        raise;
      end if;
      perform pg_sleep(0.1);
    end;
  end loop;
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
       cached_input_tokens, cache_write_tokens, cost_nanos, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
       audio_output_tokens, images, web_searches, unpriced_requests, unpriced_events)
     select e.organization_id, period_start(''MONTHLY'', coalesce(e.corrects_recorded_at, e.recorded_at)), sum(e.requests),
       sum(e.input_tokens), sum(e.output_tokens), sum(e.cached_input_tokens), sum(e.cache_write_tokens),
       sum(e.cost_nanos), sum(e.cache_write_1h_tokens), sum(e.reasoning_tokens), sum(e.audio_input_tokens), sum(e.audio_output_tokens),
       sum(e.images), sum(e.web_searches), sum(case when e.unpriced then e.requests else -e.priced_requests end),
       sum(case when e.unpriced then 1 when e.prices_unpriced then -1 else 0 end)
     from %I e group by 1, 2
     on conflict (organization_id, month) do update set
       requests = d.requests + excluded.requests,
       input_tokens = d.input_tokens + excluded.input_tokens,
       output_tokens = d.output_tokens + excluded.output_tokens,
       cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
       cache_write_tokens = d.cache_write_tokens + excluded.cache_write_tokens,
       cost_nanos = d.cost_nanos + excluded.cost_nanos,
       cache_write_1h_tokens = d.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
       reasoning_tokens = d.reasoning_tokens + excluded.reasoning_tokens,
       audio_input_tokens = d.audio_input_tokens + excluded.audio_input_tokens,
       audio_output_tokens = d.audio_output_tokens + excluded.audio_output_tokens,
       images = d.images + excluded.images,
       web_searches = d.web_searches + excluded.web_searches,
       unpriced_requests = d.unpriced_requests + excluded.unpriced_requests,
       unpriced_events = d.unpriced_events + excluded.unpriced_events', name);
  -- ended windows of rate limits and deleted limits have no counter to verify
  execute format(
    'insert into dropped_charges as d (organization_id, counter_id, period_number, requests, tokens, cost_nanos)
     select s.* from (
       select e.organization_id, c.counter_id, c.period_number, sum(case when k.kind = ''BUDGET'' or c.number > cardinality(e.counter_ids) - e.added_counters then e.requests else e.counted_requests end), sum(e.input_tokens + e.output_tokens),
         sum(e.cost_nanos)
       from %I e
       cross join unnest(e.counter_ids, e.period_numbers) with ordinality c (counter_id, period_number, number)
       left join counters k on k.id = c.counter_id
       group by 1, 2, 3
       offset 0) s -- has_period is called once for each sum, and not for each row
     where has_period(s.organization_id, s.counter_id, s.period_number)
     on conflict (organization_id, counter_id, period_number) do update set
       requests = d.requests + excluded.requests,
       tokens = d.tokens + excluded.tokens,
       cost_nanos = d.cost_nanos + excluded.cost_nanos', name);

  execute format(
    'delete from correction_spans s
     using (select e.organization_id, max(e.position) as last_position from %I e where e.corrects is not null group by 1) c
     where s.organization_id = c.organization_id and s.last_position <= c.last_position', name);
  delete from repriced_events r where r.recorded_at >= month and r.recorded_at < period_end('MONTHLY', month);

  for attempt in 1 .. 50 loop
    begin
      set local lock_timeout = '100ms';
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
$$;
