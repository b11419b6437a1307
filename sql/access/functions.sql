-- The functions that policies call.

-- current_organization returns the organization whose rows this transaction may see, from its setting bursar.organization; null
-- without it.
create or replace function current_organization() returns uuid
language sql stable parallel safe
as $$
  select nullif(current_setting('bursar.organization', true), '')::uuid
$$;

-- presented_token_hash returns the hash of the access token that a request presents, from the setting bursar.access_token_hash; null
-- without it.
create or replace function presented_token_hash() returns bytea
language sql stable parallel safe
as $$
  select decode(current_setting('bursar.access_token_hash', true), 'hex')
$$;

-- presented_email returns the address of the person who signs in, as fold_case makes it, from the setting bursar.email; null without
-- it.
create or replace function presented_email() returns text
language sql stable parallel safe
as $$
  select fold_case(current_setting('bursar.email', true))
$$;
