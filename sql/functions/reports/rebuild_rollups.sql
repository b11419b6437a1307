-- rebuild_rollups computes an organization's hours and days anew from its ledger, up to its watermark. Who reads meanwhile
-- sees the old ones until all the new ones are there; reports go on being recorded, and roll-ups of the organization wait.
-- Months whose ledger was dropped keep what they have. Returns how many hours of keys there are.
create or replace function rebuild_rollups(p_organization_id uuid) returns bigint
language plpgsql volatile
as $$
declare
  rolled_up bigint;
  beginning timestamptz;
begin
  lock table usage_events in access share mode; -- no partition is dropped from here on
  select w.position into rolled_up from rollup_watermarks w where w.organization_id = p_organization_id for update;
  beginning := ledger_begin();
  delete from usage_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_hours u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  delete from usage_workspace_days u where u.organization_id = p_organization_id and u.bucket_start >= beginning;
  perform add_usage(p_organization_id, 0, rolled_up, beginning);
  return (select count(*) from usage_hours u where u.organization_id = p_organization_id);
end
$$;
