-- attribute_of returns what a request has for an attribute of policies; null when it has none. Provider and model are given in lower case. It
-- has no subquery, so that it is inlined.
create or replace function attribute_of(
  p_attribute text, p_provider text, p_model text, p_metadata jsonb, p_workspace_id uuid, p_api_key_id uuid)
returns text
language sql immutable parallel safe
as $$
  select case p_attribute
    when 'model' then p_model
    when 'provider' then p_provider
    when 'apiKey' then external_id('key', p_api_key_id)
    when 'workspace' then external_id('ws', p_workspace_id)
    else p_metadata ->> substr(p_attribute, 10)
  end
$$;
