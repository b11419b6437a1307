-- touch_api_keys notes that keys were used, at most once a minute each; the arrays name a key beside its organization.
create or replace function touch_api_keys(p_organization_ids uuid[], p_api_key_ids uuid[], p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
  update api_keys k set last_used_at = p_now
  from (select distinct * from unnest(p_organization_ids, p_api_key_ids)) q (organization_id, id)
  where k.organization_id = q.organization_id and k.id = q.id
    and (k.last_used_at is null or k.last_used_at < p_now - interval '1 minute');
end
$$;
