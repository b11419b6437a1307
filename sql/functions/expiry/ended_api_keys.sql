-- ended_api_keys returns an organization's API keys whose holds have ended at an instant and may not be given back yet: until when
-- the reservations that have ended were admitted, infinity for a key that may not be used.
create or replace function ended_api_keys(p_organization_id uuid, p_now timestamptz)
returns table (api_key_id uuid, ended_at timestamptz)
language sql stable
as $$
  select k.id, case when api_key_denial(k, p_now) is null then e.ended_at else 'infinity' end
  from hold_ends e
  join api_keys k on k.organization_id = e.organization_id and k.id = e.api_key_id
  where e.organization_id = p_organization_id and e.ended_at <= p_now
  union all
  select k.id, 'infinity'
  from api_keys k
  where k.organization_id = p_organization_id and k.expires_at > swept_until(p_organization_id, p_now) and k.expires_at <= p_now
    and not exists (
      select from hold_ends e
      where e.organization_id = k.organization_id and e.api_key_id = k.id and e.ended_at <= p_now)
$$;
