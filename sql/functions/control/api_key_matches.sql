-- api_key_matches tells whether a key's name, description or prefix contains a text without regard to case. p_text is as fold_case makes
-- it.
create or replace function api_key_matches(p_api_key api_keys, p_text text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(fold_case(p_api_key.name), p_text) > 0
    or coalesce(strpos(fold_case(p_api_key.description), p_text) > 0, false)
    or strpos(fold_case(p_api_key.prefix), p_text) > 0
$$;
