-- api_key_matches tells whether a key's name, description or prefix contains a text without regard to case. p_text is as fold_case makes
-- it, and has no control character. It is named once, so that the function is inlined although p_text may be a subquery.
create or replace function api_key_matches(p_api_key api_keys, p_text text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(fold_case(
    p_api_key.name || E'\x01' || coalesce(p_api_key.description, '') || E'\x01' || p_api_key.prefix), p_text) > 0
$$;
