-- limits_of_callers returns each limit that each caller's requests must pass, beside the caller's number. room is what it
-- admits at p_now, in the limit's unit, and below zero when more was settled than it allows; a period that is over counts
-- as empty although nobody has rolled it yet. p_due says whether reservations_due: only then are holds past their expiry
-- looked for and left out.
create or replace function limits_of_callers(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamptz, p_due boolean)
returns table (caller bigint, id uuid, type limit_type, period_number integer, ended boolean, room numeric)
language sql stable
as $$
  select c.number, l.id, l.type, l.period_number, l.period_end <= p_now, l.max_units - case
      when l.period_end <= p_now then 0
      when p_due then l.used_units + l.reserved_units - expired_units(l, p_now)
      else l.used_units + l.reserved_units
    end
  from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids)
    with ordinality c (organization_id, workspace_id, api_key_id, number)
  join limits l on l.organization_id = c.organization_id
    and l.subject_id = any (array[c.organization_id, c.workspace_id, c.api_key_id])
$$;
