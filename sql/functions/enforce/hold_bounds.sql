-- hold_bounds returns what the API keys of scopes may still hold at an instant: the organization's share of the smallest budget that is enforced and stands
-- on the organization or the key's workspace, of tokens and of dollars each, without what the key holds. It reads every open reservation
-- of the keys. The caller holds the organizations' locks, or decides nothing.
create or replace function hold_bounds(p_scopes grouped_scope_batch, p_now timestamptz) returns hold_bound_batch
language plpgsql stable
as $$
declare
  bounds hold_bound_batch;
begin
  with scopes as materialized (
    select s.index, s.organization_id, s.workspace_id, s.api_key_id, o.key_hold_percent as percent
    from unnest(p_scopes.organization_ids, p_scopes.workspace_ids, p_scopes.api_key_ids)
      with ordinality s (organization_id, workspace_id, api_key_id, index)
    join organizations o on o.id = s.organization_id and o.key_hold_percent is not null
  ), keys as materialized (
    select s.organization_id, s.workspace_id, s.api_key_id, s.percent, min(s.index)::integer as first
    from scopes s group by s.organization_id, s.workspace_id, s.api_key_id, s.percent
  ), smallest as materialized (
    select distinct on (k.first, c.type) k.first, c.type, c.id, floor(amount_at(c.max_units, c.raises, p_now)::numeric * k.percent / 100)::bigint as bound
    from keys k
    join counters c on c.organization_id = k.organization_id and c.subject_id = any (array[k.organization_id, k.workspace_id])
      and c.kind = 'BUDGET' and c.unenforced is null
    order by k.first, c.type, amount_at(c.max_units, c.raises, p_now), c.limit_id
  ), held as materialized (
    select k.first, h.tokens, h.cost_nanos
    from keys k
    left join hold_ends e on e.organization_id = k.organization_id and e.api_key_id = k.api_key_id and e.ended_at <= p_now
    cross join lateral (
      select coalesce(sum(r.tokens), 0) as tokens, coalesce(sum(r.cost_nanos), 0) as cost_nanos
      from (
        select r.tokens, r.cost_nanos from reservations r
        where r.api_key_id = k.api_key_id and r.status = 'HELD' and r.expires_at > p_now and (e.ended_at is null or r.admitted_at > e.ended_at)
        order by r.id) r) h -- the index by API key, also where the table was empty
    where k.first in (select s.first from smallest s)
  )
  select array_agg(h.first order by n.index), array_agg(t.bound - h.tokens order by n.index),
    array_agg(c.bound - h.cost_nanos order by n.index), array_agg(t.bound order by n.index), array_agg(c.bound order by n.index),
    array_agg(t.id order by n.index), array_agg(c.id order by n.index)
  into bounds
  from generate_series(1, cardinality(p_scopes.organization_ids)) n (index)
  left join scopes s on s.index = n.index
  left join keys k on k.api_key_id = s.api_key_id
  left join held h on h.first = k.first
  left join smallest t on t.first = h.first and t.type = 'TOKENS'
  left join smallest c on c.first = h.first and c.type = 'COST';
  return bounds;
end
$$;
