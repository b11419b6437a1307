-- Who may call which function: PostgreSQL lets everybody call a new one. Applied in the transaction that makes the functions, to
-- those that bursar.functions names; those that bursar.kept_functions names are kept for servers of the release before, which
-- may go on calling them.
do $$
declare
  called constant text[] := array[
    -- enforcement; runs as the owner
    'check_usage', 'reserve_usage', 'record_usage', 'release_reservations', 'extend_reservations', 'lease_usage', 'return_leases', 'count_denials',
    -- the control plane; run as the owner, for the organization that the transaction has named
    'create_limit', 'update_budget_limit', 'reset_budget', 'update_rate_limit', 'delete_limit', 'set_limits', 'raise_budget', 'request_raise',
    'decide_raise_request', 'create_policy', 'update_policy', 'delete_policy', 'set_group_amount', 'delete_workspace', 'resend_alert',
    'claim_organization', 'settle_claim', 'set_price', 'end_price', 'set_price_multiplier', 'import_prices', 'set_estimate_policy',
    'simulate_limits', 'rotate_webhook_secret', 'test_webhook', 'resend_webhook_delivery', 'end_holds', 'release_api_key_holds', 'list_api_keys', 'count_api_keys',
    -- the control plane and reports; run as the server
    'lock_organizations', 'hold_residence', 'refuse_moved', 'require_here',
    'rotate_api_key', 'replace_lost_secret', 'limits_at', 'list_deliveries', 'budget_periods_of', 'reservations_at',
    'api_key_status_at', 'api_key_status_of', 'lock_api_keys', 'disable_api_keys',
    'full_subjects_at', 'possibly_full_subjects_at', 'recipients_of', 'usage_report', 'local_usage_report', 'usage_sums', 'usage_events_of', 'count_usage_events', 'reservations_of', 'burn_downs', 'projected_exhaustions', 'keys_created_by',
    'ledger_position_at', 'guard_owners', 'tokens_made_by', 'list_changes',
    'list_valid_callers',
    'quotas_of', 'list_recipients', 'hearers_of', 'present_recipients_of', 'calendar_with', 'find_price', 'price_parts',
    -- what these call
    'api_key_denial', 'bound_buckets', 'ended_api_keys', 'ended_holds', 'expired_units', 'external_id', 'is_full', 'is_held', 'is_over', 'period_end', 'period_length', 'period_start', 'next_period', 'calendar_period', 'calendar_days', 'day_start', 'day_in_month', 'calendar_json', 'budget_bucket', 'utc_offset', 'unknown_time_zones', 'time_zone_release', 'local_buckets', 'local_bucket_bounds',
    'rolled_up_usage', 'denied_until', 'reads_day_totals', 'units_of_keys', 'summed_days', 'usage_series', 'largest_series', 'export_usage', 'usage_slices', 'tail_rows', 'summed_tail', 'usage_bucket_length', 'usage_events_between',
    'amount_at', 'raised_amount_at', 'last_instant', 'held_units',
    'enforced_limits_at', 'version_after', 'next_usage_hour', 'budget_charges', 'subjects_of', 'swept_until', 'throttle', 'units_of',
    'first_id_at', 'usage_bucket_end', 'usage_bucket_start', 'uuid_v7_prefix', 'uuid_v7', 'fold_case', 'quota_of', 'quota_used', 'default_quota', 'require_quota',
    'any_price_of', 'beginning_price_of', 'own_price_of', 'cost_at', 'cost_of', 'nanos_of_picos', 'rate_offset',
    'acting_role', 'acts_as_owner', 'refuse_instant',
    'list_groups', 'group_has_text', 'group_values_of', 'group_limits_at', 'policy_limits_at', 'policy_budget_at', 'group_raises', 'policy_json', 'first_period', 'calendar_of',
    -- what policies call
    'current_organization'] || string_to_array(current_setting('bursar.kept_functions'), ' ');
  authenticating constant text[] := array['find_access_token', 'presented_token_hash', 'presented_email', 'presented_member', 'fold_case'];
  -- calls of the release before go on with the functions that they began with
  kept constant boolean := coalesce(current_setting('bursar.keep_rights', true), '') = 'on';
  function record;
begin
  for function in
    select p.oid::regprocedure as signature, p.proname = any (called) as called, p.proname = any (authenticating) as authenticating,
      array_remove(array[case when p.proname = any (called) then 'bursar_server EXECUTE' end,
        case when p.proname = any (authenticating) then 'bursar_authenticator EXECUTE' end], null) as granted,
      array(select a.grantee::regrole::text || ' ' || a.privilege_type
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner) as privileges
    from pg_proc p
    where p.pronamespace = current_schema()::regnamespace
      and (p.proname = any (called || authenticating) or p.proname = any (string_to_array(current_setting('bursar.functions'), ' ')))
  loop
    -- each grant makes sessions look the function up again
    continue when function.privileges <@ function.granted and function.granted <@ function.privileges;
    continue when kept and function.granted <@ function.privileges and not '- EXECUTE' = any (function.privileges);
    execute format('revoke all on function %s from public', function.signature);
    if not kept then
      execute format('revoke all on function %s from bursar_server, bursar_authenticator, bursar_operator', function.signature);
    end if;
    if function.called then
      execute format('grant execute on function %s to bursar_server', function.signature);
    end if;
    if function.authenticating then
      execute format('grant execute on function %s to bursar_authenticator', function.signature);
    end if;
  end loop;
end
$$;
