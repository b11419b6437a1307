-- find_api_key returns the API key that a secret's hash or an id names, within an organization (null: in any, for the
-- operator), as of an instant: a rotated secret names its key until its transition ends. No row when there is none.
create or replace function find_api_key(p_organization_id uuid, p_secret_hash bytea, p_api_key_id uuid, p_now timestamptz)
returns setof api_keys
language sql stable
as $$
  select k.*
  from api_key_secrets s
  join api_keys k on k.organization_id = s.organization_id and k.id = s.api_key_id
  where s.secret_hash = p_secret_hash
    and (p_organization_id is null or s.organization_id = p_organization_id)
    and (s.transition_ends_at is null or s.transition_ends_at > p_now)
  union all
  select k.*
  from api_keys k
  where k.id = p_api_key_id
    and (p_organization_id is null or k.organization_id = p_organization_id)
  limit 1
$$;
