-- rotate_api_key gives a key a new secret; its id and counters stay. The old secret works for the transition, in seconds
-- (0 ends it now); one that was already in its transition ends now. Returns the end of the transition (now when 0); null
-- when there is no such key or it was revoked. p_now is null in production.
create or replace function rotate_api_key(
  p_organization_id uuid, p_id uuid, p_secret_hash bytea, p_prefix text, p_transition_seconds integer,
  p_now timestamptz default null)
returns timestamptz
language plpgsql volatile
as $$
declare
  rotated_at timestamptz;
  ends_at timestamptz;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_organizations(array[p_organization_id]);
  rotated_at := coalesce(p_now, clock_timestamp());
  ends_at := rotated_at + make_interval(secs => p_transition_seconds);
  update api_keys k set prefix = p_prefix
  where k.organization_id = p_organization_id and k.id = p_id and k.revoked_at is null;
  if not found then
    return null;
  end if;
  delete from api_key_secrets s
  where s.organization_id = p_organization_id and s.api_key_id = p_id
    and (s.transition_ends_at is not null or p_transition_seconds = 0);
  update api_key_secrets s set transition_ends_at = ends_at
  where s.organization_id = p_organization_id and s.api_key_id = p_id;
  insert into api_key_secrets (organization_id, api_key_id, secret_hash, created_at)
  values (p_organization_id, p_id, p_secret_hash, rotated_at);
  return ends_at;
end
$$;
