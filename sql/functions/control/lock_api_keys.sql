-- lock_api_keys locks an organization before API keys are changed in a way that ends what they hold, in the order in which enforcement
-- locks: the organization, then the key. It reads the keys' open reservations first, so that PostgreSQL marks the index entries of closed
-- ones that vacuum has not removed as dead, and nobody waits for that under the lock. Returns how many it has read.
create or replace function lock_api_keys(p_organization_id uuid, p_ids uuid[]) returns bigint
language plpgsql volatile
as $$
declare
  number bigint;
begin
  select count(*) into number
  from unnest(p_ids) k (id)
  cross join lateral (
    select from reservations r
    where r.api_key_id = k.id and r.organization_id = p_organization_id and r.status = 'HELD'
    offset 0) r;
  perform lock_organizations(array[p_organization_id]);
  return number;
end
$$;
