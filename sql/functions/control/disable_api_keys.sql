-- disable_api_keys switches off an organization's API keys, as an administrator does, and gives back what they hold (see end_holds). Revoked
-- keys are left as they are. Whatever switches keys off for another reason than a change of the key itself calls this. Returns
-- how many it switched off.
create or replace function disable_api_keys(p_organization_id uuid, p_ids uuid[]) returns integer
language plpgsql volatile
as $$
declare
  disabled integer;
begin
  perform lock_api_keys(p_organization_id, p_ids);
  update api_keys k set enabled = false, disabled_by_administrator = true
  where k.organization_id = p_organization_id and k.id = any (p_ids) and k.revoked_at is null;
  get diagnostics disabled = row_count;
  perform end_holds(p_organization_id);
  return disabled;
end
$$;
