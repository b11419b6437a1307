-- note_raise records as an alert what was asked for or decided about the amount of a budget, as it stands at p_now, and queues its mail to those whom
-- hearers_of names, not to go out before p_due_at. p_units is what is or was to be added (null: the budget counts
-- another unit by now). Its caller holds the organization's lock, and has rolled the counter
-- to p_now.
create or replace function note_raise(
  p_organization_id uuid, p_budget_limit_id uuid, p_kind alert_kind, p_units bigint, p_request_id uuid, p_raise_id uuid, p_due_at timestamptz,
  p_now timestamptz)
returns void
language plpgsql volatile
as $$
declare
  noted_id uuid;
begin
  insert into alerts (organization_id, budget_limit_id, workspace_id, api_key_id, kind, type, period, max_units, used_units, requested_units,
    reserved_units, generation, period_number, period_start, period_end, raised_at, raise_request_id, raise_id)
  select p_organization_id, c.limit_id, case c.subject_type when 'WORKSPACE' then c.subject_id end,
    case c.subject_type when 'API_KEY' then c.subject_id end, p_kind, c.type, c.period, amount_at(c.max_units, c.raises, p_now), c.used_units, p_units,
    c.reserved_units - expired_units(c, p_now), c.generation, c.period_number, c.period_start, c.period_end, p_now, p_request_id, p_raise_id
  from counters c where c.organization_id = p_organization_id and c.limit_id = p_budget_limit_id
  returning id into noted_id;
  insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
  select p_organization_id, noted_id, fold_case(h.email), h.email, p_now, p_due_at
  from hearers_of(p_organization_id, noted_id) h (email);
end
$$;
