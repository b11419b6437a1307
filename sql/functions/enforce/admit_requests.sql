-- admit_requests decides on requests one after the other, in the order of the batch: a request is admitted when every
-- counter of its scope has something left and room for what it asks for, which later requests then lack. It writes nothing.
-- A counter in SHADOW refuses nothing: what it would refuse is among refused_requests and refused_counter_ids, and is admitted all the same.
-- p_barred says which requests are not considered. p_first_of_id gives requests with the same request id the index of the
-- first of them: one of them alone is admitted. For p_has_expired_holds see counters_of_scopes.
--
-- A request whose API key would hold more than p_bounds lets it is refused as well; for a batch without bounds its arrays are null. So is one
-- that p_unpriced says is denied because it has no price; null: none.
--
-- admitted and earlier have an element for each request: whether it is admitted, and which earlier request with its request
-- id was; for the other results see reservation_decision_batch. The caller holds the organizations' locks and has rolled the limits.
create or replace function admit_requests(
  p_scopes grouped_scope_batch, p_requests request_batch, p_barred boolean[], p_first_of_id integer[], p_now timestamptz,
  p_has_expired_holds boolean, p_bounds hold_bound_batch,
  p_unpriced boolean[], out admitted boolean[], out earlier integer[], out counter_ids uuid[], out counter_units numeric[],
  out refused_requests integer[], out refused_counter_ids uuid[], out exceeding_requests integer[], out exceeding_types limit_type[])
language plpgsql volatile
as $$
declare
  scope_indexes constant integer[] := p_requests.scope_indexes;
  requests constant bigint[] := p_requests.requests;
  tokens constant bigint[] := p_requests.tokens;
  cost_nanos constant bigint[] := p_requests.cost_nanos;
  types limit_type[];
  rooms bigint[];       -- null: refuses nothing
  shadows boolean[];    -- refuses nothing, and says what it would refuse
  applicable integer[]; -- indexes of counters, those of one scope after those of the scope before
  scopes integer[];     -- the scope of each of them
  first integer[];      -- where each scope's begin in applicable
  last integer[];       -- and end: before it begins when there is none
  bounded constant boolean := p_bounds.first_scopes is not null;
  token_rooms numeric[] := p_bounds.token_rooms;
  cost_rooms numeric[] := p_bounds.cost_rooms;
  bound integer;        -- the index of the key's rooms; null: none
  holder integer[];     -- at the index of the first request with an id: which request with that id is admitted
  units bigint;
  slot integer;
  all_fit boolean;
begin
  with charged as materialized (
    select * from counters_of_scopes(p_scopes, p_now, p_has_expired_holds, true)
  )
  select a.applicable, a.scopes, c.ids, c.types, c.rooms, c.shadows, c.zeros
  into applicable, scopes, counter_ids, types, rooms, shadows, counter_units
  from (
    select array_agg(n.slot order by n.scope_index, n.slot) as applicable,
      array_agg(n.scope_index order by n.scope_index, n.slot) as scopes
    from (select c.scope_index, dense_rank() over (order by c.id) as slot from charged c) n) a
  cross join (
    select array_agg(c.id order by c.id) as ids, array_agg(c.type order by c.id) as types,
      array_agg(c.room order by c.id) as rooms, array_agg(k.unenforced is not null order by c.id) as shadows, array_agg(0) as zeros
    from (select distinct c.id, c.type, case when c.room is not null then greatest(c.room, -1)::bigint end as room from charged c) c
    join counters k on k.id = c.id) c;
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
  exceeding_requests := '{}';
  exceeding_types := '{}';
  for i in 1 .. cardinality(scope_indexes) loop
    earlier[i] := holder[p_first_of_id[i]];
    continue when earlier[i] is not null or p_barred[i];
    all_fit := true;
    for j in first[scope_indexes[i]] .. last[scope_indexes[i]] loop
      slot := applicable[j];
      units := case types[slot] when 'COST' then cost_nanos[i] when 'TOKENS' then tokens[i] when 'REQUESTS' then requests[i] else 1 end;
      if rooms[slot] <= 0 or units > rooms[slot] then
        all_fit := all_fit and shadows[slot];
        refused_requests := refused_requests || i;
        refused_counter_ids := refused_counter_ids || counter_ids[slot];
      end if;
    end loop;
    if bounded then
      bound := p_bounds.first_scopes[scope_indexes[i]];
      if tokens[i] > 0 and tokens[i] > token_rooms[bound] then
        all_fit := false;
        exceeding_requests := exceeding_requests || i;
        exceeding_types := exceeding_types || 'TOKENS'::limit_type;
      end if;
      if cost_nanos[i] > 0 and cost_nanos[i] > cost_rooms[bound] then
        all_fit := false;
        exceeding_requests := exceeding_requests || i;
        exceeding_types := exceeding_types || 'COST'::limit_type;
      end if;
    end if;
    continue when not all_fit or p_unpriced[i];
    if bound is not null then
      token_rooms[bound] := token_rooms[bound] - tokens[i];
      cost_rooms[bound] := cost_rooms[bound] - cost_nanos[i];
    end if;
    admitted[i] := true;
    holder[coalesce(p_first_of_id[i], i)] := i;
    for j in first[scope_indexes[i]] .. last[scope_indexes[i]] loop
      slot := applicable[j];
      units := case types[slot] when 'COST' then cost_nanos[i] when 'TOKENS' then tokens[i] when 'REQUESTS' then requests[i] else 1 end;
      rooms[slot] := rooms[slot] - units;
      counter_units[slot] := counter_units[slot] + units;
    end loop;
  end loop;
end
$$;
