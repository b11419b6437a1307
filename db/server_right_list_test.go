package db_test

// serversRights returns every right of the servers' roles on a table, and why they have it. A role sees the rows that its policies let
// through. Columns are in the table's order.
func serversRights() map[string]string {
	const (
		listed    = "lists show it"
		decided   = "fields show what enforcement has written"
		reported  = "usage reports read it"
		sums      = "usage reports read it; the operator's metrics, too"
		version   = "a server looks whether the schema is its own"
		jobs      = "River UI lists, retries, cancels and deletes jobs, and pauses queues"
		seen      = "the operator's metrics and lists show it"
		directory = "where organizations are"
	)
	return map[string]string{
		"bursar_authenticator members: select (organization_id id email role status)": "a person who signs in or is invited, or a token's member, before the organization is known",
		"bursar_authenticator organizations: select (id name slug residence)":         "which organizations a person who signs in may choose, and whether this database decides for them",

		"bursar_server organizations: select, update (name key_hold_percent key_hold_seconds recipient_domains unpriced_policy leases_allowed lease_seconds merges_allowed)": "setRecipientDomains; what an organization sets of its holds; lists show it; lock_organizations, which locks rows, needs the right to update a column",
		"bursar_server workspaces: insert, select, update (name slug)":             "createWorkspace, updateWorkspace; deleteWorkspace is a function",
		"bursar_server members: delete, insert, select, update (name role status)": "addMember, updateMember, removeMember, acceptMembership",
		"bursar_server former_members: select":                                     "who created a key; a trigger writes it",
		"bursar_server access_tokens: insert, select (organization_id id member_id name role prefix created_at expires_at revoked_at " +
			"accepts_key_ids created_by_id created_by_token_id), update (revoked_at)": "createAccessToken, revokeAccessToken; not the hash",
		"bursar_server visible_access_tokens: select, update (revoked_at)": "access tokens without the hash",
		"bursar_server api_keys: insert, select, update (workspace_id created_by_id name description prefix enabled " +
			"disabled_by_administrator email_notifications metadata expires_at expires_at_most revoked_at)": "mutations of API keys; not when a key was used last",
		"bursar_server api_key_secrets: delete, insert, select (organization_id api_key_id transition_ends_at created_by_id created_by_token_id), update (transition_ends_at)": "rotateApiKey; not the hash",
		"bursar_server webhooks: delete, insert, select (organization_id id workspace_id name url format events enabled disabled_reason " +
			"previous_secrets_end_at created_at created_by_id created_by_token_id version updated_at updated_by), update (name url events enabled disabled_reason)": "mutations of webhooks; not the secrets",
		"bursar_server visible_webhooks: select, update (name url events enabled disabled_reason)":                       "webhooks without their secrets",
		"bursar_server webhook_deliveries: select":                                                                       listed,
		"bursar_server recipients: delete, insert, select":                                                               "addRecipients, removeRecipients",
		"bursar_server suppressed_addresses: delete, select":                                                             "recipients show it; who is added again is not suppressed any more",
		"bursar_operator organization_quotas: delete, insert, update (maximum)":                                          "setOrganizationQuotas, which is the operator's",
		"bursar_server organization_quotas: select":                                                                      "what an organization may have, which triggers hold it against",
		"bursar_server organization_mails: select":                                                                       "how many mails an organization has had in an hour",
		"bursar_server control_requests: insert, select, update (request_id object_id secret_prefix transition_ends_at)": "request ids of mutations",

		"bursar_server limits: select":                                                       listed,
		"bursar_server policies: select":                                                     listed,
		"bursar_server policy_conditions: select":                                            listed,
		"bursar_server policy_groups: select":                                                listed,
		"bursar_server policy_overrides: select":                                             listed,
		"bursar_server counters: select":                                                     decided,
		"bursar_server budget_periods: select":                                               decided,
		"bursar_server budget_raises: select":                                                listed,
		"bursar_server raise_requests: select":                                               listed,
		"bursar_server reservations: select":                                                 decided,
		"bursar_server reservation_sweeps: select":                                           decided,
		"bursar_server hold_ends: select":                                                    decided,
		"bursar_server alerts: select":                                                       listed,
		"bursar_server alert_deliveries: select":                                             listed,
		"bursar_server prices: select":                                                       listed,
		"bursar_server price_multipliers: select":                                            listed,
		"bursar_server estimate_rules: select":                                               listed,
		"bursar_server repriced_events: select":                                              listed,
		"bursar_server correction_spans: select":                                             listed,
		"bursar_server repricings: insert (organization_id model from_time to_time), select": "repriceUsage; a job works it off",
		"bursar_server simulations: select, update (status finished_at)":                     "simulateLimits is a function; cancelSimulation",
		"bursar_server simulation_results: select":                                           listed,
		"bursar_server audit_log: select":                                                    listed,
		"bursar_server usage_events: select":                                                 sums,
		"bursar_server usage_hours: select":                                                  reported,
		"bursar_server usage_days: select":                                                   reported,
		"bursar_server usage_key_days: select":                                               reported,
		"bursar_server usage_owner_days: select":                                             reported,
		"bursar_server usage_workspace_hours: select":                                        reported,
		"bursar_server usage_workspace_days: select":                                         reported,
		"bursar_server budget_hours: select":                                                 "burn-downs and projections are read from them",
		"bursar_server rollup_watermarks: select":                                            sums,
		"bursar_server denial_counts: select":                                                listed,
		"bursar_server denial_days: select":                                                  reported,
		"bursar_server schema_release: select":                                               version,
		"bursar_server goose_db_version: select":                                             version,
		"bursar_server river_migration: select":                                              version,
		"bursar_server cell_identity: select":                                                version,
		"bursar_server gateway_outages: insert (organization_id began_at ended_at calls cost_nanos keys), select": "reportOutage; the audit log has it",

		"bursar_operator organizations: insert, update (plan governance_enabled member_domains)": "createOrganization, updateOrganization",
		"bursar_operator alert_deliveries: update (status last_error provider_id sent_at)":       "what a delivery event says, which names a mail alone",
		"bursar_operator suppressed_addresses: insert, update (reason detail)":                   "an address that a delivery event says has bounced or complained",
		"bursar_operator jobs: select":                                seen,
		"bursar_operator workers: select":                             seen,
		"bursar_operator clock_checks: select":                        seen,
		"bursar_operator cell_identity: select":                       directory,
		"bursar_operator cells: select":                               directory,
		"bursar_operator organization_cells: select":                  directory,
		"bursar_operator organization_moves: select":                  directory,
		"bursar_operator mail_pace: select":                           seen,
		"bursar_operator river_leader: select":                        jobs,
		"bursar_operator river_job: delete, insert, select, update":   jobs,
		"bursar_operator river_queue: delete, insert, select, update": jobs,
		"bursar_operator river_job_id_seq: usage":                     jobs,
		"bursar_operator river_notification: insert":                  jobs,
		"bursar_operator river_notification_id_seq: usage":            jobs,
	}
}
