-- What servers may do with tables, and nothing else. Servers never change the ledger, and never write the audit log, limits,
-- counters, periods and alerts: functions and triggers that run as the owner do. A test lists every right with its reason.
--
-- Applied by every upgrade, because migrations make tables: with the functions, where bursar.keep_rights = on leaves calls of the release
-- before what they had, and again when these have ended. What changes no privilege is rolled back.
do $$
begin
  if coalesce(current_setting('bursar.keep_rights', true), '') <> 'on' then
    execute format('revoke all on all tables in schema %I from bursar_server', current_schema());
    execute format('revoke all on all sequences in schema %I from bursar_server, bursar_operator', current_schema());
    execute format('revoke all on all tables in schema %I from bursar_authenticator, bursar_operator', current_schema());
  end if;
  execute format('grant usage on schema %I to bursar_server, bursar_authenticator', current_schema());
end
$$;

-- authentication, before an organization is known; find_access_token finds the token
grant select (organization_id, id, email, role, status) on members to bursar_authenticator;
grant select (id, slug, name, residence) on organizations to bursar_authenticator;

-- the control plane
-- lock_organizations, which locks rows, needs the right to update any column
grant select, update (name, key_hold_percent, key_hold_seconds, recipient_domains, unpriced_policy, leases_allowed, lease_seconds, merges_allowed) on organizations to bursar_server;
grant insert, update (plan, governance_enabled, member_domains) on organizations to bursar_operator;
grant select, insert, update (name, slug) on workspaces to bursar_server;
grant select, insert, update (name, role, status), delete on members to bursar_server;
grant select on former_members to bursar_server;
-- not the hash
grant select (organization_id, id, member_id, name, role, prefix, created_at, expires_at, revoked_at, accepts_key_ids,
  created_by_id, created_by_token_id), insert, update (revoked_at) on access_tokens to bursar_server;
grant select, update (revoked_at) on visible_access_tokens to bursar_server;
grant select, insert, update (name, description, prefix, enabled, disabled_by_administrator, email_notifications, metadata, expires_at,
  expires_at_most, revoked_at, workspace_id, created_by_id)
  on api_keys to bursar_server;
grant select (organization_id, api_key_id, transition_ends_at, created_by_id, created_by_token_id), insert, update (transition_ends_at), delete
  on api_key_secrets to bursar_server;
grant select, insert, delete on recipients to bursar_server;
-- not the secrets
grant select (organization_id, id, workspace_id, name, url, format, events, enabled, disabled_reason, previous_secrets_end_at, created_at,
  created_by_id, created_by_token_id, version, updated_at, updated_by), insert, update (name, url, events, enabled, disabled_reason), delete
  on webhooks to bursar_server;
grant select, update (name, url, events, enabled, disabled_reason) on visible_webhooks to bursar_server;
grant select on webhook_deliveries to bursar_server;
grant select on limits to bursar_server;
grant select on policies, policy_conditions, policy_groups, policy_overrides to bursar_server;
grant select on counters to bursar_server;
grant select on budget_periods to bursar_server;
grant select on budget_raises, raise_requests to bursar_server;
grant select on alerts to bursar_server;
grant select on alert_deliveries to bursar_server;
-- what delivery events change, which name a mail alone
grant update (status, provider_id, sent_at, last_error) on alert_deliveries to bursar_operator;
grant select, delete on suppressed_addresses to bursar_server;
grant insert, update (reason, detail) on suppressed_addresses to bursar_operator;
grant select, insert, update (request_id, object_id, secret_prefix, transition_ends_at) on control_requests to bursar_server;
-- the operator sets quotas, see below
grant select on organization_quotas, organization_mails to bursar_server;
grant select on prices, price_multipliers, estimate_rules, repriced_events, correction_spans to bursar_server;
grant select, insert (organization_id, model, from_time, to_time) on repricings to bursar_server;
grant select, insert (organization_id, began_at, ended_at, calls, cost_nanos, keys) on gateway_outages to bursar_server;
-- cancelSimulation
grant select, update (status, finished_at) on simulations to bursar_server;
grant select on simulation_results to bursar_server;
grant select on audit_log to bursar_server;

-- what enforcement and the jobs write
grant select on reservations, reservation_sweeps, hold_ends, usage_events, usage_hours, usage_days, usage_workspace_hours,
  usage_workspace_days, usage_key_days, usage_owner_days, budget_hours, rollup_watermarks to bursar_server;

-- what count_denials writes
grant select on denial_counts, denial_days to bursar_server;

-- the schema's version
grant select on schema_release, goose_db_version, river_migration to bursar_server;

-- which cell the database is, which each connection asks
grant select on cell_identity to bursar_server, bursar_operator;

-- for the operator alone: where organizations are
grant select on cells, organization_cells, organization_moves to bursar_operator;

-- for the operator alone: what an organization may have at most is not for the organization to say
grant insert, update (maximum), delete on organization_quotas to bursar_operator;

-- for the operator alone, because jobs belong to no organization: what ran, and River UI, which lists, retries, cancels and
-- deletes jobs and pauses queues
grant select on river_leader, jobs, workers, clock_checks, mail_pace to bursar_operator;
grant select, insert, update, delete on river_job, river_queue to bursar_operator;
grant insert on river_notification to bursar_operator;
grant usage on sequence river_job_id_seq, river_notification_id_seq to bursar_operator;

-- Servers of release 1 read a token's hash with its row, and authenticate by it. Where none has worked on the database, nobody may. This
-- goes when release 1 is no longer supported.
do $$
begin
  if exists (select from schema_objects where release = 1) then
    grant select (token_hash) on access_tokens to bursar_server;
    grant select (organization_id, id, member_id, role, token_hash, expires_at, revoked_at) on access_tokens to bursar_authenticator;
  end if;
end
$$;
