-- current_charges returns, for each scope, the counters and the periods that usage without a reservation is charged to: the
-- current ones. Counters whose period or window is over are rolled first. Null for a scope without limits. The caller holds
-- the organizations' locks and has read p_now after them.
create or replace function current_charges(p_scopes grouped_scope_batch, p_now timestamptz) returns charged_counters[]
language plpgsql volatile
as $$
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
      from counters_of_scopes(p_scopes, p_now, false, false) c
      group by c.scope_index) c on c.scope_index = n.index;
    exit when any_ended is not true;
    perform roll_scopes(p_scopes, p_now);
  end loop;
  return charges;
end
$$;
