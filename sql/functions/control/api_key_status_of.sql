-- api_key_status_of returns a key's status at an instant: REVOKED, EXPIRED or DISABLED by its own state; EXHAUSTED if
-- p_exhausted says that a budget that applies to it is full; else ACTIVE.
create or replace function api_key_status_of(p_api_key api_keys, p_now timestamptz, p_exhausted boolean) returns api_key_status
language sql immutable parallel safe
as $$
  select case
    when p_api_key.revoked_at is not null then 'REVOKED'::api_key_status
    when p_api_key.expires_at <= p_now then 'EXPIRED'
    when not p_api_key.enabled then 'DISABLED'
    when p_exhausted then 'EXHAUSTED'
    else 'ACTIVE'
  end
$$;
