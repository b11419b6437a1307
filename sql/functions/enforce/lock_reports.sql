-- lock_reports locks the organizations of reports, in id order, until the transaction ends: those of their scopes (see
-- find_scopes) or, where that is any (the operator's), of their reservations or keys.
create or replace function lock_reports(
  p_organization_ids uuid[], p_secret_hashes bytea[], p_api_key_ids uuid[], p_scope_indexes integer[], p_reservation_ids uuid[])
returns void
language plpgsql volatile
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if none <> all (p_organization_ids) then
    perform lock_organizations(p_organization_ids);
    return;
  end if;
  perform lock_organizations(array(
    select coalesce(nullif(p_organization_ids[q.scope_index], none),
      (select r.organization_id from reservations r where r.id = nullif(q.reservation_id, none) limit 1),
      (select k.organization_id
       from find_api_key(null, nullif(p_secret_hashes[q.scope_index], ''), nullif(p_api_key_ids[q.scope_index], none), '-infinity') k))
    from unnest(p_scope_indexes, p_reservation_ids) q (scope_index, reservation_id)));
end
$$;
