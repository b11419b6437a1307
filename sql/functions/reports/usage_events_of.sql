-- usage_events_of returns ledger rows of an organization between two of them (null: no bound), newest first, or oldest first with p_backward, at
-- most p_limit: of some of its API keys, of a workspace, of models, of providers and of service tiers (null: of all), with p_unpriced those that were booked without a price
-- and have not been priced since, recorded from p_from to p_to (null: no bound).
--
-- Of all that is rolled up, it looks at those hours in which the keys, or the workspace, have used the models, and there between the first and
-- the last of their rows: an index for them would be written with each row. So the order is that of the hours, and within an hour that of the
-- positions, which are one unless the clock is put back. What is not rolled up is newer.
create or replace function usage_events_of(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_models text[], p_providers text[],
  p_service_tiers service_tier[], p_unpriced boolean, p_from timestamptz, p_to timestamptz, p_after uuid, p_before uuid, p_backward boolean, p_limit integer)
returns setof usage_events
language plpgsql stable
as $$
declare
  begins constant timestamptz := coalesce(p_from, '-infinity');
  ends constant timestamptz := coalesce(p_to, 'infinity');
  watermark constant bigint := coalesce((select w.position from rollup_watermarks w where w.organization_id = p_organization_id), 0);
  -- nothing is looked for in months whose ledger was dropped
  beginning constant timestamptz := period_start('MONTHLY', (
    select e.recorded_at from usage_events e where e.organization_id = p_organization_id order by e.position limit 1));
  -- rows are before the one of p_after and after the one of p_before
  high bigint := 9223372036854775807;
  high_hour timestamptz := 'infinity';
  low bigint := -1;
  low_hour timestamptz := '-infinity';
  left_rows integer := p_limit;
  rows_found integer;
  visited record;
  hour timestamptz;
begin
  if p_after is not null then
    select e.position, period_start('HOUR', e.recorded_at) into high, high_hour
    from usage_events e where e.id = p_after and e.organization_id = p_organization_id;
    if high is null then -- all that is older was dropped with it
      return;
    end if;
  end if;
  if p_before is not null then
    select e.position, period_start('HOUR', e.recorded_at) into low, low_hour
    from usage_events e where e.id = p_before and e.organization_id = p_organization_id;
    low := coalesce(low, -1);
    low_hour := coalesce(low_hour, '-infinity');
  end if;
  if p_workspace_id is null and p_api_key_ids is null and p_models is null and p_providers is null
    and p_service_tiers is null and p_unpriced is not true then
    return query select * from usage_events_between(p_organization_id, null, null, null, null, null, null, begins, ends,
      greatest(low, ledger_position_at(p_organization_id, begins - interval '1 hour') - 1),
      least(high, ledger_position_at(p_organization_id, ends + interval '1 hour')), p_backward, p_limit);
    return;
  end if;

  if not p_backward and high > watermark then
    return query select * from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
      begins, ends, greatest(low, watermark), high, false, left_rows);
    get diagnostics rows_found = row_count;
    left_rows := left_rows - rows_found;
    high_hour := 'infinity';
  end if;
  -- the next hour is before, or after, this one
  if p_backward then
    hour := greatest(low_hour, period_start('HOUR', begins), beginning) - interval '1 microsecond';
  else
    hour := least(high_hour + interval '1 microsecond', ends);
  end if;
  while left_rows > 0 and (not p_backward or low <= watermark) loop
    select * into visited from next_usage_hour(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers,
      p_service_tiers, p_unpriced, hour, p_backward);
    exit when visited.hour is null
      or case when p_backward then visited.hour > high_hour or visited.hour >= ends else visited.hour < greatest(low_hour, period_start('HOUR', begins), beginning) end;
    hour := visited.hour;
    return query select * from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
      greatest(begins, hour), least(ends, hour + interval '1 hour'),
      greatest(case when hour = low_hour then low end,
        coalesce(visited.first_position, ledger_position_at(p_organization_id, hour - interval '1 hour')) - 1),
      least(case when hour = high_hour then high end,
        coalesce(visited.last_position, ledger_position_at(p_organization_id, hour + interval '2 hours')) + 1, watermark + 1),
      p_backward, left_rows);
    get diagnostics rows_found = row_count;
    left_rows := left_rows - rows_found;
  end loop;
  if p_backward and left_rows > 0 and high > watermark then
    return query select * from usage_events_between(p_organization_id, p_workspace_id, p_api_key_ids, p_models, p_providers, p_service_tiers, p_unpriced,
      begins, ends, greatest(low, watermark), high, true, left_rows);
  end if;
end
$$;
