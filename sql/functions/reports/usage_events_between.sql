-- usage_events_between returns ledger rows of an organization between two positions, without these, newest first, or oldest first with
-- p_backward, at most p_limit (null: all): of some of its API keys, of a workspace, of models, of providers and of service tiers (null: of all), with
-- p_unpriced those that were booked without a price and have not been priced since, recorded
-- from p_from to p_to. Rows that correct others are left out: where there are none but these, see correction_spans, it reads nothing. It reads all
-- other rows of the organization between the positions until it has enough. It is PL/pgSQL, which keeps the plan.
create or replace function usage_events_between(
  p_organization_id uuid, p_workspace_id uuid, p_api_key_ids uuid[], p_models text[], p_providers text[],
  p_service_tiers service_tier[], p_unpriced boolean, p_from timestamptz, p_to timestamptz, p_low bigint, p_high bigint, p_backward boolean, p_limit integer)
returns setof usage_events
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  low bigint := p_low;
  high bigint := p_high;
  span_first bigint; -- the next span of corrections; null: none
  span_last bigint;
  left_rows integer := p_limit;
  found_rows integer;
begin
  if p_backward then
    select s.last_position into span_last from correction_spans s
    where s.organization_id = p_organization_id and s.first_position <= low order by s.first_position desc limit 1;
    low := greatest(low, span_last);
  end if;
  loop
    if p_backward then
      select s.first_position, s.last_position into span_first, span_last from correction_spans s
      where s.organization_id = p_organization_id and s.first_position > low and s.first_position < p_high order by s.first_position limit 1;
      high := coalesce(span_first, p_high);
      return query
      select e.* from usage_events e
      where e.organization_id = p_organization_id and e.position > low and e.position < high and e.corrects is null
        and e.recorded_at >= p_from and e.recorded_at < p_to
        and (p_workspace_id is null or e.workspace_id = p_workspace_id)
        and (p_api_key_ids is null or e.api_key_id = any (p_api_key_ids))
        and (p_models is null or e.model = any (p_models))
        and (p_providers is null or e.provider = any (p_providers))
        and (p_service_tiers is null or e.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or e.unpriced and (
          select r.usage_event_id from repriced_events r
          where r.organization_id = p_organization_id and r.usage_event_id = e.id) is null)
      order by e.position limit left_rows;
    else
      select s.first_position, s.last_position into span_first, span_last from correction_spans s
      where s.organization_id = p_organization_id and s.first_position < high and s.last_position > p_low order by s.first_position desc limit 1;
      low := greatest(p_low, span_last);
      return query
      select e.* from usage_events e
      where e.organization_id = p_organization_id and e.position > low and e.position < high and e.corrects is null
        and e.recorded_at >= p_from and e.recorded_at < p_to
        and (p_workspace_id is null or e.workspace_id = p_workspace_id)
        and (p_api_key_ids is null or e.api_key_id = any (p_api_key_ids))
        and (p_models is null or e.model = any (p_models))
        and (p_providers is null or e.provider = any (p_providers))
        and (p_service_tiers is null or e.service_tier = any (p_service_tiers))
        and (p_unpriced is not true or e.unpriced and (
          select r.usage_event_id from repriced_events r
          where r.organization_id = p_organization_id and r.usage_event_id = e.id) is null)
      order by e.position desc limit left_rows;
    end if;
    get diagnostics found_rows = row_count;
    left_rows := left_rows - found_rows;
    exit when left_rows <= 0 or span_first is null;
    if p_backward then
      low := span_last;
    else
      high := span_first;
    end if;
  end loop;
end
$$;
