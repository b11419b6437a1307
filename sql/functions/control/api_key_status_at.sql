-- api_key_status_at returns a key's status at an instant: EXHAUSTED when a budget that applies to it (its own, its
-- workspace's, its organization's) is full. It is PL/pgSQL, which keeps the plan: a page calls it for each of its keys.
create or replace function api_key_status_at(p_api_key api_keys, p_now timestamptz) returns api_key_status
language plpgsql stable
as $$
begin
  return api_key_status_of(p_api_key, p_now, exists (
    select from counters c
    where c.organization_id = p_api_key.organization_id and c.subject_id = any (subjects_of(p_api_key))
      and c.kind = 'BUDGET' and is_full(c, p_now)));
end
$$;
