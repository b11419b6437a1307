-- count_change is the trigger that counts a row's changes, and notes when and by whom the last one was made. Those of an organization, a
-- workspace or an API key that one transaction makes are one: see version_after. Statements of enforcement
-- name none of the columns, so that it does not fire for them: an API key's last use is no change. Neither is the reset of a limit.
-- write_audit_log, which fires for the same changes, refuses an actor that may not be named.
create or replace function count_change() returns trigger
language plpgsql
as $$
declare
  actor constant text := coalesce(nullif(current_setting('bursar.actor', true), ''), 'sql:' || session_user);
begin
  if tg_table_name = 'limits' then
    new.version := old.version + 1;
    new.defined_at := clock_timestamp();
    new.defined_by := actor;
  else
    new.version := version_after(old.version, old.version_transaction_id, coalesce(old.updated_at, old.created_at));
    new.version_transaction_id := pg_current_xact_id()::text::bigint;
    new.updated_at := clock_timestamp();
    new.updated_by := actor;
  end if;
  return new;
end
$$;

create or replace trigger organizations_version
  before update of name, slug, plan, governance_enabled, member_domains, recipient_domains, key_hold_percent, key_hold_seconds,
    unpriced_policy, leases_allowed, lease_seconds, merges_allowed
  on organizations
  for each row when (
    (old.name, old.slug, old.plan, old.governance_enabled, old.member_domains, old.recipient_domains, old.key_hold_percent,
      old.key_hold_seconds, old.unpriced_policy, old.leases_allowed, old.lease_seconds, old.merges_allowed)
    is distinct from
    (new.name, new.slug, new.plan, new.governance_enabled, new.member_domains, new.recipient_domains, new.key_hold_percent,
      new.key_hold_seconds, new.unpriced_policy, new.leases_allowed, new.lease_seconds, new.merges_allowed))
  execute function count_change();
create or replace trigger workspaces_version before update of name, slug, deleted_at on workspaces
  for each row when ((old.name, old.slug, old.deleted_at) is distinct from (new.name, new.slug, new.deleted_at))
  execute function count_change();
create or replace trigger api_keys_version
  before update of workspace_id, created_by_id, name, description, prefix, enabled, disabled_by_administrator, email_notifications,
    metadata, expires_at, expires_at_most, revoked_at, former_creator_id
  on api_keys
  for each row when (
    (old.workspace_id, old.created_by_id, old.name, old.description, old.prefix, old.enabled, old.disabled_by_administrator,
      old.email_notifications, old.metadata, old.expires_at, old.expires_at_most, old.revoked_at, old.former_creator_id)
    is distinct from
    (new.workspace_id, new.created_by_id, new.name, new.description, new.prefix, new.enabled, new.disabled_by_administrator,
      new.email_notifications, new.metadata, new.expires_at, new.expires_at_most, new.revoked_at, new.former_creator_id))
  execute function count_change();
create or replace trigger limits_version before update of workspace_id, api_key_id, kind, type, period, max_units, alert_units, alert_percents, alert_recipients, enabled, mode
  on limits
  for each row when (
    (old.workspace_id, old.api_key_id, old.kind, old.type, old.period, old.max_units, old.alert_units, old.alert_percents, old.alert_recipients, old.enabled, old.mode)
    is distinct from
    (new.workspace_id, new.api_key_id, new.kind, new.type, new.period, new.max_units, new.alert_units, new.alert_percents, new.alert_recipients, new.enabled, new.mode))
  execute function count_change();
create or replace trigger policies_version before update of workspace_id, name, mode, group_by, max_groups on policies
  for each row when (
    (old.workspace_id, old.name, old.mode, old.group_by, old.max_groups)
    is distinct from (new.workspace_id, new.name, new.mode, new.group_by, new.max_groups))
  execute function count_change();
create or replace trigger webhooks_version before update of name, url, events, enabled, secret on webhooks
  for each row when ((old.name, old.url, old.events, old.enabled, old.secret) is distinct from (new.name, new.url, new.events, new.enabled, new.secret))
  execute function count_change();
