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

-- presented_member returns the member whom the presented access token is bound to; null without one. Runs as the owner, who may read
-- hashes.
create or replace function presented_member() returns uuid
language plpgsql stable security definer
set search_path from current
as $$
begin
  return (select t.member_id from access_tokens t where t.token_hash = presented_token_hash() limit 1);
end
$$;
