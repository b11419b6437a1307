-- rebuild_rollups computes an organization's hours and days, and the hours of its budgets, again from its ledger, up to its watermarks. Concurrent readers see
-- the old ones until the transaction commits. Usage can be recorded meanwhile; roll_up_usage of the organization waits. Months
-- whose ledger was dropped keep their roll-ups. Returns the number of rows in usage_hours.
-- Raises UB005 for an organization that is not HERE (see refuse_moved).
create or replace function rebuild_rollups(p_organization_id uuid) returns bigint
language plpgsql volatile
as $$
declare
  rolled_up bigint;
  budgets_rolled_up bigint;
  beginning timestamptz;
begin
  perform hold_residence(p_organization_id);
  lock table usage_events in access share mode; -- until the transaction ends no partition is dropped
  select w.position, w.budget_position into rolled_up, budgets_rolled_up
  from rollup_watermarks w where w.organization_id = p_organization_id for update;
  beginning := ledger_begin();
  delete from usage_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_key_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_owner_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from budget_hours b where b.organization_id = p_organization_id and b.bucket_start >= beginning;
  perform add_usage(p_organization_id, 0, rolled_up, beginning);
  perform add_budget_hours(p_organization_id, 0, budgets_rolled_up, beginning);
  return (select count(*) from usage_hours u where u.organization_id = p_organization_id);
end
$$;
