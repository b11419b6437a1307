-- subject_denial returns why requests of a subject cannot pass at an instant, null when they can: the denial of the API key itself, or
-- BUDGET_EXHAUSTED if a budget that applies to the subject and is enforced is full, its own, its workspace's or its organization's. The subject is
-- the narrowest id that is not null. Rate limits do not count: they open again soon.
create or replace function subject_denial(p_organization_id uuid, p_workspace_id uuid, p_api_key_id uuid, p_now timestamptz)
returns denial_reason
language plpgsql stable
as $$
declare
  key api_keys;
begin
  select * into key from api_keys k where k.organization_id = p_organization_id and k.id = p_api_key_id;
  return coalesce(
    case when key.id is not null then api_key_denial(key, p_now) end,
    (select 'BUDGET_EXHAUSTED'::denial_reason from enforced_limits_at(p_now) s
     where s.organization_id = p_organization_id
       and s.subject_id = any (array_remove(array[p_organization_id, coalesce(p_workspace_id, key.workspace_id), p_api_key_id], null))
       and s.kind = 'BUDGET' and s.enabled and s.mode = 'ENFORCE' and s.used_units + s.reserved_units >= s.max_units + s.raised_units
     limit 1));
end
$$;
