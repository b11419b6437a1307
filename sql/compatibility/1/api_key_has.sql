-- api_key_has is api_key_matches with a text that lower() has changed, for servers of release 1.
create or replace function api_key_has(p_api_key api_keys, p_text text) returns boolean
language sql immutable parallel safe
as $$
  select api_key_matches(p_api_key, fold_case(p_text))
$$;
