-- limits_of_callers returns each limit that each caller's requests must pass, beside the caller's number. room is what it
-- admits at p_now, in the limit's unit, and below zero when more was settled than it allows; a period that is over counts
-- as empty although nobody has rolled it yet. place is where the row is, as long as whoever asks holds the organizations'
-- locks and changes no limit. p_due says whether to look for reservations that hold past their expiry, all of which are
-- read, and leave them out: without it, room is the least that there is.
create or replace function limits_of_callers(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamptz, p_due boolean)
returns table (
  caller bigint, id uuid, place tid, kind limit_kind, type limit_type, period_number integer, ended boolean, room numeric)
language sql stable
as $$
  with expired as materialized (
    select * from expired_holds(p_organization_ids, p_now) where p_due
  )
  select c.number, l.id, l.ctid, l.kind, l.type, l.period_number, l.period_end <= p_now, l.max_units - case
      when l.period_end <= p_now then 0
      else l.used_units + l.reserved_units - coalesce(
        case l.type when 'COST' then e.cost_nanos when 'TOKENS' then e.tokens else 0 end, 0)
    end
  from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids)
    with ordinality c (organization_id, workspace_id, api_key_id, number)
  join limits l on l.organization_id = c.organization_id
    and l.subject_id = any (array[c.organization_id, c.workspace_id, c.api_key_id])
  left join expired e on e.limit_id = l.id and e.period_number = l.period_number
$$;
