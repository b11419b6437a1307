-- import_api_keys makes API keys of an organization, with their secrets and recipients, out of a JSON array of objects: id, workspace_id (null: the
-- organization's own), name, description, prefix, secret_hash (hexadecimal digits), enabled, email_notifications, metadata, expires_at, recipients (an array
-- of addresses), external_id and kind (API_KEY or OPENING). One without secret_hash is made revoked: nobody can ever use it. It keeps what they were
-- called at p_source.
--
-- Raises api_key_secrets_secret_hash_exists for a secret that an API key of any organization has, imported_objects_pkey for one that was imported
-- before, UB004 beyond the quotas, and the constraints of api_keys and recipients. The caller has locked imports.
--
-- Settings: what was made a moment ago is not in the statistics, and each row would read all of it.
create or replace function import_api_keys(p_organization_id uuid, p_source text, p_api_keys jsonb) returns void
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  taken text;
begin
  perform lock_organizations(array[p_organization_id]);
  select k.external_id into taken
  from jsonb_to_recordset(p_api_keys) k (external_id text, secret_hash text)
  where exists (select from api_key_secrets s where s.secret_hash = decode(k.secret_hash, 'hex'))
  limit 1;
  if taken is not null then
    raise exception 'the secret of % is that of an API key already', taken
      using errcode = 'unique_violation', table = 'api_key_secrets', constraint = 'api_key_secrets_secret_hash_exists';
  end if;

  insert into api_keys (organization_id, id, workspace_id, name, description, prefix, enabled, disabled_by_administrator, email_notifications, metadata,
    expires_at, expires_at_most, revoked_at)
  select p_organization_id, k.id, k.workspace_id, k.name, k.description, k.prefix, k.enabled, not k.enabled, k.email_notifications, k.metadata,
    k.expires_at, k.expires_at, case when k.secret_hash is null then clock_timestamp() end
  from jsonb_to_recordset(p_api_keys) k (id uuid, workspace_id uuid, name text, description text, prefix text, secret_hash text, enabled boolean,
    email_notifications boolean, metadata jsonb, expires_at timestamptz);
  insert into api_key_secrets (organization_id, api_key_id, secret_hash)
  select p_organization_id, k.id, decode(k.secret_hash, 'hex')
  from jsonb_to_recordset(p_api_keys) k (id uuid, secret_hash text)
  where k.secret_hash is not null;
  insert into recipients (organization_id, api_key_id, email)
  select p_organization_id, k.id, r.email
  from jsonb_to_recordset(p_api_keys) k (id uuid, recipients text[])
  cross join lateral unnest(k.recipients) r (email);
  perform note_imported(p_organization_id, p_source, p_api_keys);
end
$$;
