-- list_deliveries returns a page of deliveries of mail about alerts, in the order in which they were queued: of an organization (null: of every
-- one), about API keys that one member created, in one of some statuses, to an address (as fold_case makes it), queued from a time, before a
-- time; each filter may be null.
--
-- The page is what comes first in ascending order, or with p_descending in descending order, of the deliveries above one position and below
-- another (null: no bound). A position is when it was queued, its alert, its purpose and its address.
--
-- The statement is made of what is asked for, so that the planner sees no condition that holds nothing back. The deliveries of each status are
-- read in order and merged, so that a page looks at few rows, also where few have a status. To one address in every organization, and about a
-- member's own keys, there are few: they are read and sorted. Runs as the owner: a comparison of enums is not leakproof, so that row-level
-- security would keep it from the index. Answers nothing to whoever does not act for the organization.
create or replace function list_deliveries(
  p_organization_id uuid, p_created_by_id uuid, p_statuses delivery_status[], p_address text, p_from timestamptz, p_to timestamptz,
  p_descending boolean, p_above_time timestamptz, p_above_alert_id uuid, p_above_purpose delivery_purpose, p_above_address text,
  p_below_time timestamptz, p_below_alert_id uuid, p_below_purpose delivery_purpose, p_below_address text, p_number integer)
returns setof alert_deliveries
language plpgsql stable security definer rows 100
set search_path from current
as $$
declare
  statuses constant delivery_status[] := case
    when p_statuses is null then enum_range(null::delivery_status)
    else array(select distinct s from unnest(p_statuses) s) end;
  -- the order of every organization's is an expression whose index no other list can use
  at constant text := case when p_organization_id is null then '(%s at time zone ''UTC'')' else '%s' end;
  place constant text := format('(%s, d.alert_id, d.purpose, d.address)', format(at, 'd.queued_at'));
  ordered constant text := format(' order by %s %2$s, d.alert_id %2$s, d.purpose %2$s, d.address %2$s limit $15',
    format(at, 'd.queued_at'), case when p_descending then 'desc' else 'asc' end);
  few constant boolean := p_created_by_id is not null or p_organization_id is null and p_address is not null;
  wanted constant text := concat_ws(' and ',
    case when few then 'd.status = any ($3)' else 'd.status = s.status' end,
    case when p_organization_id is not null then 'd.organization_id = $1' end,
    case when p_address is not null then 'd.address = $4' end,
    case when p_from is not null then format('%s >= %s', format(at, 'd.queued_at'), format(at, '$5')) end,
    case when p_to is not null then format('%s < %s', format(at, 'd.queued_at'), format(at, '$6')) end,
    case when p_above_time is not null then format('%s > (%s, $8, $9, $10)', place, format(at, '$7')) end,
    case when p_below_time is not null then format('%s < (%s, $12, $13, $14)', place, format(at, '$11')) end);
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  return query execute case
    when p_created_by_id is not null then 'select d.* from api_keys k
      join alerts a on a.organization_id = k.organization_id and a.subject_id = k.id
      join alert_deliveries d on d.organization_id = a.organization_id and d.alert_id = a.id
      where k.organization_id = $1 and k.created_by_id = $2 and ' || wanted || ordered
    when few then 'select d.* from alert_deliveries d where ' || wanted || ordered
    else 'select d.* from unnest($3) s (status)
      cross join lateral (select d.* from alert_deliveries d where ' || wanted || ordered || ') d' || ordered
  end using p_organization_id, p_created_by_id, statuses, p_address, p_from, p_to, p_above_time, p_above_alert_id, p_above_purpose,
    p_above_address, p_below_time, p_below_alert_id, p_below_purpose, p_below_address, p_number;
end
$$;
