-- require_quota raises UB004 when an organization has more than its quota allows, or a subject of it does. The detail is a JSON object with
-- the quota's name and its maximum. Its caller holds the organization's lock, so that of two transactions that add at the same time
-- the second one sees what the first one added.
create or replace function require_quota(p_organization_id uuid, p_name quota_name, p_subject_id uuid default null) returns void
language plpgsql volatile
as $$
declare
  maximum constant integer := quota_of(p_organization_id, p_name);
  used constant bigint := quota_used(p_organization_id, p_name, p_subject_id);
begin
  if used > maximum then
    raise exception 'the quota % of organization % is %, and this would make %', p_name, p_organization_id, maximum, used
      using errcode = 'UB004', table = 'organization_quotas', constraint = 'organization_quotas_exceeded',
        detail = jsonb_build_object('quota', p_name, 'maximum', maximum);
  end if;
end
$$;
