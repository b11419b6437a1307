-- What servers may do with tables, and nothing else. Servers never change the ledger or the audit log. Counters are changed by the
-- functions of enforcement, which run as the owner. Applied by every upgrade, in one transaction, because migrations make tables;
-- the transaction is rolled back if the privileges are the same afterwards.
do $$
begin
  execute format('revoke all on all tables in schema %I from bursar_server', current_schema());
  execute format('revoke all on all sequences in schema %I from bursar_server, bursar_operator', current_schema());
  execute format('revoke all on all tables in schema %I from bursar_authenticator, bursar_operator', current_schema());
  execute format('grant usage on schema %I to bursar_server, bursar_authenticator', current_schema());
end
$$;

-- authentication, before an organization is known
grant select (organization_id, id, member_id, role, token_hash, expires_at, revoked_at) on access_tokens to bursar_authenticator;
grant select (organization_id, id, email, role, status) on members to bursar_authenticator;
grant select (id, slug, name) on organizations to bursar_authenticator;

-- the control plane
grant select, insert, update (name, plan, governance_enabled, member_domains, recipient_domains) on organizations to bursar_server;
grant select, insert, update (name, slug, deleted_at) on workspaces to bursar_server;
grant select, insert, update (name, role, status), delete on members to bursar_server;
grant select on former_members to bursar_server;
grant select, insert, update (revoked_at) on access_tokens to bursar_server;
grant select, insert, update (name, description, prefix, enabled, disabled_by_administrator, email_notifications, metadata, expires_at,
  expires_at_most, revoked_at, workspace_id, created_by_id)
  on api_keys to bursar_server;
grant select (organization_id, api_key_id, transition_ends_at, created_by_id, created_by_token_id), insert, update (transition_ends_at), delete
  on api_key_secrets to bursar_server;
grant select, insert, delete on recipients to bursar_server;
grant select, insert, update (type, period, max_units, alert_units, generation, generation_started_at), delete on limits to bursar_server;
-- what changes of limits write: rolled counters, ended periods and alerts. The other columns of counters are changed by
-- keep_counters, which runs as the owner
grant select, update (period_number, period_start, period_end, used_units, reserved_units, alerted_units, exhaustion_alerted,
  refusal_alerted) on counters to bursar_server;
grant select, insert, update (alerted_units, exhaustion_alerted) on budget_periods to bursar_server;
grant select, insert on alerts to bursar_server;
grant select, insert, update on alert_deliveries to bursar_server;
grant select, insert, update, delete on suppressed_addresses to bursar_server;
grant select, insert, update (request_id, object_id, secret_prefix, transition_ends_at) on control_requests to bursar_server;
-- triggers write it with the rights of the role that makes the change
grant select, insert on audit_log to bursar_server;

-- what enforcement and the jobs write
grant select on reservations, reservation_sweeps, usage_events, usage_hours, usage_days, usage_workspace_hours,
  usage_workspace_days, rollup_watermarks to bursar_server;

-- the schema's version
grant select on schema_release, goose_db_version, river_migration to bursar_server;

-- for the operator alone, because jobs belong to no organization: what ran, and River UI, which lists, retries, cancels and
-- deletes jobs and pauses queues
grant select on river_leader, jobs, workers, clock_checks, mail_pace to bursar_operator;
grant select, insert, update, delete on river_job, river_queue to bursar_operator;
grant insert on river_notification to bursar_operator;
grant usage on sequence river_job_id_seq, river_notification_id_seq to bursar_operator;
