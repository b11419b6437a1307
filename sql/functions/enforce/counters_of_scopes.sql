-- counters_of_scopes returns each counter that the requests of each scope are charged to, beside the scope's index. room is
-- what the counter has left at p_now, in its unit (nano-dollars, tokens or requests), and below zero when more was settled
-- than the limit allows; null when the counter refuses nothing, because its limit is not enabled or, unless p_with_shadow, in SHADOW. A period that is over (see is_over) counts as empty, rolled or not: ended. ctid is the row's physical
-- position, stable as long as the caller of this function holds the organizations' locks and updates no counter.
-- p_has_expired_holds says whether to read all reservations that hold past their expiry and leave them out: without it, room is a
-- lower bound. Counters of policies' groups are found by the groups, which are their subjects.
create or replace function counters_of_scopes(p_scopes grouped_scope_batch, p_now timestamptz, p_has_expired_holds boolean, p_with_shadow boolean)
returns table (
  scope_index bigint, id uuid, ctid tid, kind limit_kind, type limit_type, period_number integer, ended boolean, room numeric)
language sql stable
as $$
  with expired as materialized (
    select * from unswept_holds((p_scopes).organization_ids, p_now) where p_has_expired_holds
  )
  select s.index, c.id, c.ctid, c.kind, c.type, c.period_number, is_over(c.kind, c.period_start, c.period_end, p_now),
    case when c.unenforced is null or (p_with_shadow and c.unenforced = 'SHADOW') then amount_at(c.max_units, c.raises, p_now) - case
      when is_over(c.kind, c.period_start, c.period_end, p_now) then 0
      else c.used_units + c.reserved_units - coalesce(held_units(c.kind, c.type, e.requests, e.tokens, e.cost_nanos, e.reservations, e.leased), 0)
    end end
  from (
    select s.index, s.organization_id, array[s.organization_id, s.workspace_id, s.api_key_id] as subject_ids
    from unnest((p_scopes).organization_ids, (p_scopes).workspace_ids, (p_scopes).api_key_ids)
      with ordinality s (organization_id, workspace_id, api_key_id, index)
    union all
    select g.scope_index, (p_scopes).organization_ids[g.scope_index], array[g.id]
    from unnest((p_scopes).group_scopes, (p_scopes).group_ids) g (scope_index, id)
  ) s
  join counters c on c.organization_id = s.organization_id and c.subject_id = any (s.subject_ids)
  left join expired e on e.counter_id = c.id and e.period_number = c.period_number
$$;
