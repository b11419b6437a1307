-- api_key_status_at returns a key's status at an instant: EXHAUSTED when a budget that applies to it (its own, its
-- workspace's, its organization's) is full.
create or replace function api_key_status_at(p_api_key api_keys, p_now timestamptz) returns api_key_status
language sql stable
as $$
  select api_key_status_of(p_api_key, p_now, exists (
    select from limit_statuses_at(p_now) s
    where s.organization_id = p_api_key.organization_id and s.subject_id = any (subjects_of(p_api_key))
      and s.kind = 'BUDGET' and s.used_units + s.reserved_units >= s.max_units))
$$;
