-- admit_requests decides on requests one after the other, in the order of the arrays: one is admitted when every limit of
-- its caller has something left and room for its estimate, which the next ones then lack. It writes nothing. The first
-- three arrays name the callers' keys beside their organizations and workspaces (or null); p_barred says which requests are
-- not considered; p_repeats gives requests of the same id the place of the first of them, of which one alone is admitted.
--
-- admitted and repeated have an element for each request: whether it was admitted, and which earlier one was in its place.
-- counter_ids and counter_units are what the admitted ones ask of each counter together. refused_requests and
-- refused_counter_ids are the pairs of a request and the counter of a limit that refused it. Its caller holds the
-- organizations' locks and rolled the counters.
create or replace function admit_requests(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[],
  p_callers integer[], p_requests bigint[], p_tokens bigint[], p_cost_nanos bigint[], p_barred boolean[], p_repeats integer[],
  p_now timestamptz, p_due boolean,
  out admitted boolean[], out repeated integer[], out counter_ids uuid[], out counter_units numeric[],
  out refused_requests integer[], out refused_counter_ids uuid[])
language plpgsql volatile
as $$
declare
  types limit_type[];
  rooms bigint[];
  passed integer[];   -- places of counters, those of one caller after those of the one before
  callers integer[];  -- whose each of them is
  first integer[];    -- where each caller's begin in passed
  last integer[];     -- and end: before it begins when there is none
  holder integer[];   -- which of the requests of the same id was admitted, at the place of the first
  units bigint;
  place integer;
  fits boolean;
begin
  select array_agg(p.place order by p.caller, p.place), array_agg(p.caller order by p.caller, p.place)
  into passed, callers
  from (
    select l.caller, dense_rank() over (order by l.id) as place
    from counters_of_callers(p_organization_ids, p_workspace_ids, p_api_key_ids, p_now, p_due) l) p;
  select array_agg(l.id order by l.id), array_agg(l.type order by l.id), array_agg(l.room order by l.id), array_agg(0)
  into counter_ids, types, rooms, counter_units
  from (
    select distinct l.id, l.type, greatest(l.room, -1)::bigint as room
    from counters_of_callers(p_organization_ids, p_workspace_ids, p_api_key_ids, p_now, p_due) l) l;
  first := array_fill(1, array[cardinality(p_organization_ids)]);
  last := array_fill(0, array[cardinality(p_organization_ids)]);
  for i in 1 .. coalesce(cardinality(passed), 0) loop
    if last[callers[i]] = 0 then
      first[callers[i]] := i;
    end if;
    last[callers[i]] := i;
  end loop;

  admitted := array_fill(false, array[cardinality(p_callers)]);
  repeated := array_fill(null::integer, array[cardinality(p_callers)]);
  holder := repeated;
  refused_requests := '{}';
  refused_counter_ids := '{}';
  for i in 1 .. cardinality(p_callers) loop
    repeated[i] := holder[p_repeats[i]];
    continue when repeated[i] is not null or p_barred[i];
    fits := true;
    for j in first[p_callers[i]] .. last[p_callers[i]] loop
      place := passed[j];
      units := case types[place] when 'COST' then p_cost_nanos[i] when 'TOKENS' then p_tokens[i] else p_requests[i] end;
      if rooms[place] <= 0 or units > rooms[place] then
        fits := false;
        refused_requests := refused_requests || i;
        refused_counter_ids := refused_counter_ids || counter_ids[place];
      end if;
    end loop;
    continue when not fits;
    admitted[i] := true;
    holder[coalesce(p_repeats[i], i)] := i;
    for j in first[p_callers[i]] .. last[p_callers[i]] loop
      place := passed[j];
      units := case types[place] when 'COST' then p_cost_nanos[i] when 'TOKENS' then p_tokens[i] else p_requests[i] end;
      rooms[place] := rooms[place] - units;
      counter_units[place] := counter_units[place] + units;
    end loop;
  end loop;
end
$$;
