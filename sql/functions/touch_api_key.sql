-- touch_api_key notes that a key was used, at most once a minute.
create or replace function touch_api_key(p_api_key api_keys, p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
  if p_api_key.last_used_at is null or p_api_key.last_used_at < p_now - interval '1 minute' then
    update api_keys k set last_used_at = p_now
    where k.organization_id = p_api_key.organization_id and k.id = p_api_key.id;
  end if;
end
$$;
