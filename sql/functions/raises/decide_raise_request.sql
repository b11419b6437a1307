-- decide_raise_request grants or declines an open request for a raise, and has who asked told by mail. Granted is what was asked for. No row when there is no such
-- request. One that was decided before stays as it is, and is returned. Raises UB001 without governance, budget_raises_type_check when the
-- budget counts another unit by now, and budget_raises_until_check when the instant that was asked for has passed. Who and why are the transaction's settings
-- bursar.actor and bursar.reason. p_now is null in production.
--
-- Runs as the owner: servers may not write requests, raises, counters and alerts.
create or replace function decide_raise_request(p_organization_id uuid, p_id uuid, p_grants boolean, p_now timestamptz default null)
returns setof raise_requests
language plpgsql volatile security definer
set search_path from current
as $$
declare
  decision_at timestamptz;
  request raise_requests;
  added_id uuid;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  decision_at := coalesce(p_now, clock_timestamp());
  select * into request from raise_requests r where r.organization_id = p_organization_id and r.id = p_id;
  if request.status = 'OPEN' then
    if p_grants then
      added_id := add_raise(p_organization_id, request.budget_limit_id, request.group_values, request.type, request.units, request.until, p_id, decision_at);
    end if;
    update raise_requests r set
      status = case when p_grants then 'GRANTED' else 'DECLINED' end::raise_request_status,
      decided_at = decision_at,
      decided_by = audit_actor(p_organization_id),
      decision_reason = nullif(current_setting('bursar.reason', true), ''),
      raise_id = added_id
    where r.organization_id = p_organization_id and r.id = p_id
    returning r.* into request;
    perform roll_counters(p_organization_id, array(
      select coalesce(request.group_id, l.subject_id) from limits l where l.organization_id = p_organization_id and l.id = request.budget_limit_id), decision_at);
    perform note_raise(p_organization_id, request.budget_limit_id, request.group_id, request.group_values,
      case when p_grants then 'RAISE_GRANTED' else 'RAISE_DECLINED' end::alert_kind,
      (select request.units from limits l where l.organization_id = p_organization_id and l.id = request.budget_limit_id and l.type = request.type),
      p_id, added_id, decision_at, decision_at);
  end if;
  if request.id is not null then
    return next request;
  end if;
end
$$;
