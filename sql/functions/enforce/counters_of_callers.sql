-- counters_of_callers returns the counter of each limit that each caller's requests must pass, beside the caller's number. room
-- is what it admits at p_now, in the limit's unit, and below zero when more was settled than it allows; a period that is over counts
-- as empty although nobody has rolled it yet. place is where the row is, as long as whoever asks holds the organizations'
-- locks and changes no limit. p_due says whether to look for reservations that hold past their expiry, all of which are
-- read, and leave them out: without it, room is the least that there is.
create or replace function counters_of_callers(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamptz, p_due boolean)
returns table (
  caller bigint, id uuid, place tid, kind limit_kind, type limit_type, period_number integer, ended boolean, room numeric)
language sql stable
as $$
  with expired as materialized (
    select * from expired_holds(p_organization_ids, p_now) where p_due
  )
  select q.number, c.id, c.ctid, c.kind, c.type, c.period_number, c.period_end <= p_now, c.max_units - case
      when c.period_end <= p_now then 0
      else c.used_units + c.reserved_units - coalesce(
        case c.type when 'COST' then e.cost_nanos when 'TOKENS' then e.tokens else 0 end, 0)
    end
  from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids)
    with ordinality q (organization_id, workspace_id, api_key_id, number)
  join counters c on c.organization_id = q.organization_id
    and c.subject_id = any (array[q.organization_id, q.workspace_id, q.api_key_id])
  left join expired e on e.counter_id = c.id and e.period_number = c.period_number
$$;
