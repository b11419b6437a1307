-- refuse_truncate is the trigger that refuses TRUNCATE on audited tables, because row triggers, which write the audit log, do not
-- fire for it. They fire for DELETE.
create or replace function refuse_truncate() returns trigger
language plpgsql
as $$
begin
  raise exception '% is audited row by row: delete its rows instead', tg_table_name using errcode = 'restrict_violation';
end
$$;

create or replace trigger organizations_no_truncate before truncate on organizations
  for each statement execute function refuse_truncate();
create or replace trigger workspaces_no_truncate before truncate on workspaces
  for each statement execute function refuse_truncate();
create or replace trigger members_no_truncate before truncate on members
  for each statement execute function refuse_truncate();
create or replace trigger access_tokens_no_truncate before truncate on access_tokens
  for each statement execute function refuse_truncate();
create or replace trigger api_keys_no_truncate before truncate on api_keys
  for each statement execute function refuse_truncate();
create or replace trigger api_key_secrets_no_truncate before truncate on api_key_secrets
  for each statement execute function refuse_truncate();
create or replace trigger budget_raises_no_truncate before truncate on budget_raises
  for each statement execute function refuse_truncate();
create or replace trigger raise_requests_no_truncate before truncate on raise_requests
  for each statement execute function refuse_truncate();
create or replace trigger recipients_no_truncate before truncate on recipients
  for each statement execute function refuse_truncate();
create or replace trigger suppressed_addresses_no_truncate before truncate on suppressed_addresses
  for each statement execute function refuse_truncate();
create or replace trigger limits_no_truncate before truncate on limits
  for each statement execute function refuse_truncate();
create or replace trigger organization_quotas_no_truncate before truncate on organization_quotas
  for each statement execute function refuse_truncate();
create or replace trigger prices_truncate before truncate on prices
  for each statement execute function refuse_truncate();
create or replace trigger price_multipliers_truncate before truncate on price_multipliers
  for each statement execute function refuse_truncate();
create or replace trigger estimate_rules_truncate before truncate on estimate_rules
  for each statement execute function refuse_truncate();
create or replace trigger repricings_truncate before truncate on repricings
  for each statement execute function refuse_truncate();
create or replace trigger simulations_truncate before truncate on simulations
  for each statement execute function refuse_truncate();
create or replace trigger gateway_outages_truncate before truncate on gateway_outages
  for each statement execute function refuse_truncate();
create or replace trigger webhooks_truncate before truncate on webhooks
  for each statement execute function refuse_truncate();
create or replace trigger policies_truncate before truncate on policies
  for each statement execute function refuse_truncate();
create or replace trigger policy_conditions_truncate before truncate on policy_conditions
  for each statement execute function refuse_truncate();
create or replace trigger policy_overrides_truncate before truncate on policy_overrides
  for each statement execute function refuse_truncate();
