-- replace_lost_secret gives a key a new secret in place of the current one, which nobody has received: the current one ends now. The
-- secret before it, if its transition is not over, works for another transition, in seconds from now (0 ends it now), as if the
-- rotation that was lost had not been. Returns the end of the transition (now when 0); null when there is no such key or it was
-- revoked. p_now is null in production.
create or replace function replace_lost_secret(
  p_organization_id uuid, p_id uuid, p_secret_hash bytea, p_prefix text, p_transition_seconds integer,
  p_now timestamptz default null)
returns timestamptz
language plpgsql volatile
as $$
declare
  replaced_at timestamptz;
  ends_at timestamptz;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  perform lock_organizations(array[p_organization_id]);
  replaced_at := coalesce(p_now, clock_timestamp());
  ends_at := replaced_at + make_interval(secs => p_transition_seconds);
  update api_keys k set prefix = p_prefix
  where k.organization_id = p_organization_id and k.id = p_id and k.revoked_at is null;
  if not found then
    return null;
  end if;
  delete from api_key_secrets s
  where s.organization_id = p_organization_id and s.api_key_id = p_id
    and (s.transition_ends_at is null or s.transition_ends_at <= replaced_at or p_transition_seconds = 0);
  update api_key_secrets s set transition_ends_at = ends_at
  where s.organization_id = p_organization_id and s.api_key_id = p_id;
  insert into api_key_secrets (organization_id, api_key_id, secret_hash, created_at)
  values (p_organization_id, p_id, p_secret_hash, replaced_at);
  return ends_at;
end
$$;
