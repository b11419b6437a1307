-- api_key_has tells whether a key's name, description or prefix contains a text that lower() has changed, for servers of release 1.
create or replace function api_key_has(p_api_key api_keys, p_text text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(fold_case(
    p_api_key.name || E'\x01' || coalesce(p_api_key.description, '') || E'\x01' || p_api_key.prefix), fold_case(p_text)) > 0
$$;
