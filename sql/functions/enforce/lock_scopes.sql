-- lock_scopes locks the organizations that scopes belong to, in id order, until the transaction ends. The arguments are
-- those of find_scopes. Returns the organizations' ids, null for a key that does not exist.
create or replace function lock_scopes(p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[]) returns uuid[]
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  organizations uuid[];
begin
  organizations := array(
    select distinct coalesce(nullif(q.organization_id, none), (
      select k.organization_id
      from find_api_key(null, nullif(q.secret_hash, ''), nullif(q.api_key_id, none), '-infinity') k))
    from unnest(p_organization_ids, p_secret_hashes, p_api_key_ids) q (organization_id, secret_hash, api_key_id));
  perform lock_organizations(organizations);
  return organizations;
end
$$;
