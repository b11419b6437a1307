-- denied_unpriced returns which of the requests that are unpriced are denied for it: those that a budget of dollars that is enforced would have to be
-- charged with, unless their organization allows that. Null when there is none.
create or replace function denied_unpriced(p_scopes grouped_scope_batch, p_scope_indexes integer[], p_unpriced boolean[], p_now timestamptz)
returns boolean[]
language plpgsql stable
as $$
declare
  denied boolean[];
begin
  with scopes as materialized (
    select distinct c.scope_index
    from (
      select c.scope_index, c.type, c.room from counters_of_scopes(p_scopes, p_now, false, false) c
      union all
      select m.scope_index, m.type, m.room from missing_limits(p_scopes, p_now) m) c
    join organizations o on o.id = p_scopes.organization_ids[c.scope_index] and o.unpriced_policy = 'DENY'
    where c.type = 'COST' and c.room is not null
  )
  select array_agg(coalesce(q.unpriced, false) and s.scope_index is not null order by q.index) into denied
  from unnest(p_scope_indexes, p_unpriced) with ordinality q (scope_index, unpriced, index)
  left join scopes s on s.scope_index = q.scope_index;
  return case when true = any (denied) then denied end;
end
$$;
