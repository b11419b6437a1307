-- require_residence is the trigger that refuses changes of an organization that is not HERE (see set_residence), by whoever makes them: UB005. It is on
-- what people and administrators change. Enforcement and the functions that lock the organization are refused by lock_organizations, and so
-- are rows that count against a quota when they are added (lock_quotas). What copies rows to or from another database sets
-- session_replication_role to replica, with which no trigger fires.
create or replace function require_residence() returns trigger
language plpgsql
as $$
begin
  if tg_table_name = 'organizations' then -- its row is locked by the update itself
    perform refuse_moved(array[old.id]);
  elsif tg_op = 'DELETE' then
    perform hold_residence(old.organization_id);
    return old;
  end if;
  perform hold_residence(new.organization_id);
  return new;
end
$$;

create or replace trigger organizations_residence before update on organizations
  for each row when (old.residence <> 'HERE' and new.residence = old.residence) execute function require_residence();
create or replace trigger workspaces_residence before update or delete on workspaces
  for each row execute function require_residence();
create or replace trigger members_residence before update or delete on members
  for each row execute function require_residence();
create or replace trigger access_tokens_residence before update or delete on access_tokens
  for each row execute function require_residence();
-- not last_used_at, which enforcement writes
create or replace trigger api_keys_residence
  before delete or update of workspace_id, created_by_id, name, description, prefix, enabled, disabled_by_administrator, email_notifications,
    metadata, expires_at, expires_at_most, revoked_at, former_creator_id
  on api_keys
  for each row execute function require_residence();
create or replace trigger api_key_secrets_residence before insert or update or delete on api_key_secrets
  for each row execute function require_residence();
create or replace trigger recipients_residence before update or delete on recipients
  for each row execute function require_residence();
create or replace trigger suppressed_addresses_residence before insert or update or delete on suppressed_addresses
  for each row execute function require_residence();
create or replace trigger webhooks_residence before insert or update or delete on webhooks
  for each row execute function require_residence();
create or replace trigger control_requests_residence before insert or update or delete on control_requests
  for each row execute function require_residence();
create or replace trigger organization_quotas_residence before insert or update or delete on organization_quotas
  for each row execute function require_residence();
create or replace trigger repricings_residence before insert or update or delete on repricings
  for each row execute function require_residence();
create or replace trigger gateway_outages_residence before insert or update or delete on gateway_outages
  for each row execute function require_residence();
create or replace trigger simulations_residence before insert or update or delete on simulations
  for each row execute function require_residence();
create or replace trigger prices_residence before insert or update on prices
  for each row when (new.organization_id is not null) execute function require_residence();
