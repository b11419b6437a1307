-- api_key_denial returns why a key may not be used at an instant, whatever its limits say; null when it may.
create or replace function api_key_denial(p_api_key api_keys, p_now timestamptz) returns denial_reason
language sql immutable parallel safe
as $$
  select case
    when p_api_key.id is null then 'KEY_NOT_FOUND'::denial_reason
    when p_api_key.revoked_at is not null then 'KEY_REVOKED'
    when p_api_key.expires_at <= p_now then 'KEY_EXPIRED'
    when not p_api_key.enabled then 'KEY_DISABLED'
  end
$$;
