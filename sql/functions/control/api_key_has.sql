-- api_key_has tells whether a key's name, description or prefix contains a text, which is in lower case; case is ignored.
create or replace function api_key_has(p_api_key api_keys, p_text text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(lower(p_api_key.name), p_text) > 0
    or coalesce(strpos(lower(p_api_key.description), p_text) > 0, false)
    or strpos(lower(p_api_key.prefix), p_text) > 0
$$;
