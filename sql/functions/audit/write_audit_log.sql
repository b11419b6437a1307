-- write_audit_log is the trigger that writes every change of the control plane to the audit log, in the transaction that makes it,
-- also a change by plain SQL. Actor, action, request id and reason come from the transaction's settings bursar.actor,
-- bursar.action, bursar.request_id and bursar.reason. Without them the actor is the login and the action the statement's kind and
-- table. audit_actor says who may name whom as the actor. Secrets and their hashes are left out; secretReplaced says that one has changed.
-- Updates that change no logged value but the version have no entry: what changed has its own. Neither has the deletion of a secret whose transition is over. The entry of an
-- update has what may be long only where it has changed: see audit_changes. What goes with a budget has none, nor has the end of a raise. The entry of a limit has what its counter has used: 0 for a
-- new limit and for a new generation. Neither has a simulation that is forgotten. Prices have write_price_audit_log.
-- limits_audit fires before limits_counters, by their names, and so before the counter is changed.
--
-- Runs as the owner: nobody else may insert into the audit log.
create or replace function write_audit_log() returns trigger
language plpgsql security definer
set search_path from current
set plan_cache_mode = force_generic_plan -- else audit_json is planned anew for each row
as $$
declare
  counted constant text[] := array['version', 'updatedAt']; -- see count_change_of_subject
  about_budget constant text[] := array['id', 'raise_id', 'period_number', 'of_period', 'granted_by', 'granted_at', 'ended_at', 'requested_at',
    'decided_at', 'decided_by', 'decision_reason'];
  by_simulator constant text[] := array['actor', 'status', 'attempts', 'started_at', 'finished_at', 'events_total', 'events_done', 'failure',
    'replayed_events', 'replayed_tokens', 'replayed_cost_nanos'];
  prefix text;
  row_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  row_after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  any_row jsonb := coalesce(row_after, row_before);
  replaced boolean := tg_op = 'UPDATE' and (row_before ->> 'token_hash' <> row_after ->> 'token_hash'
    or row_before ->> 'secret_hash' <> row_after ->> 'secret_hash' or row_before ->> 'secret' <> row_after ->> 'secret');
  used numeric;
  of_organization uuid;
  row_whole jsonb;
begin
  if tg_table_name = 'api_key_secrets' and tg_op = 'DELETE'
    and (row_before ->> 'transition_ends_at')::timestamptz <= clock_timestamp() then
    return null;
  end if;
  if tg_table_name = 'simulations' and tg_op = 'DELETE' and (row_before ->> 'requested_at')::timestamptz < clock_timestamp() - interval '13 days' then
    return null; -- it is forgotten
  end if;
  if tg_table_name in ('budget_raises', 'raise_requests') and tg_op = 'DELETE' and not exists (
      select from limits l
      where l.organization_id = (row_before ->> 'organization_id')::uuid and l.id = (row_before ->> 'budget_limit_id')::uuid) then
    return null; -- they went with their budget
  end if;
  if tg_table_name in ('policy_conditions', 'policy_overrides') and tg_op = 'DELETE' and not exists (
      select from policies p
      where p.organization_id = (row_before ->> 'organization_id')::uuid and p.id = (row_before ->> 'policy_id')::uuid) then
    return null; -- they went with their policy
  end if;
  prefix := case tg_table_name
    when 'organizations' then 'org'
    when 'workspaces' then 'ws'
    when 'members' then 'mem'
    when 'access_tokens' then 'tok'
    when 'api_keys' then 'key'
    when 'api_key_secrets' then 'key'
    when 'suppressed_addresses' then 'org'
    when 'organization_quotas' then 'org'
    when 'repricings' then 'rpc'
    when 'simulations' then 'sim'
    when 'price_multipliers' then 'org'
    when 'gateway_outages' then 'org'
    when 'estimate_rules' then case when any_row ->> 'api_key_id' is null then 'org' else 'key' end
    when 'budget_raises' then 'bud'
    when 'raise_requests' then 'bud'
    when 'webhooks' then 'whk'
    when 'policies' then 'pol'
    when 'policy_conditions' then 'pol'
    when 'policy_overrides' then 'pol'
    when 'limits' then case any_row ->> 'kind' when 'BUDGET' then 'bud' else 'rat' end
    when 'recipients' then case
      when any_row ->> 'api_key_id' is not null then 'key'
      when any_row ->> 'workspace_id' is not null then 'ws'
      else 'org'
    end
  end;
  if tg_table_name = 'limits' then
    used := 0; -- a new one has no counter yet
    if tg_op <> 'INSERT' then
      select coalesce(sum(c.used_units), 0) into used from counters c where c.organization_id = old.organization_id and c.limit_id = old.id;
    end if;
    row_before := row_before || jsonb_build_object('used_units', used);
    row_after := row_after || jsonb_build_object(
      'used_units', case when row_after ->> 'generation' = row_before ->> 'generation' then used else 0 end);
  end if;
  if tg_table_name = 'repricings' then -- what the job counts is left out, and who is the entry's own
    row_before := row_before - array['actor', 'position', 'first_position', 'last_position', 'first_correction', 'last_correction', 'events', 'corrections', 'difference_nanos', 'finished_at'];
    row_after := row_after - array['actor', 'position', 'first_position', 'last_position', 'first_correction', 'last_correction', 'events', 'corrections', 'difference_nanos', 'finished_at'];
  elsif tg_table_name = 'simulations' then -- what the job notes is left out, but not that somebody has canceled it
    row_before := row_before - by_simulator || jsonb_build_object('canceled', row_before ->> 'status' = 'CANCELED',
      'limits', (select jsonb_agg(audit_json(l, '') order by n) from jsonb_array_elements(row_before -> 'limits') with ordinality l (l, n)));
    row_after := row_after - by_simulator || jsonb_build_object('canceled', row_after ->> 'status' = 'CANCELED',
      'limits', (select jsonb_agg(audit_json(l, '') order by n) from jsonb_array_elements(row_after -> 'limits') with ordinality l (l, n)));
  elsif tg_table_name = 'webhooks' then -- the path of the address is as good as a secret
    if tg_op = 'UPDATE' and row_before ->> 'url' <> row_after ->> 'url' then
      row_after := row_after || '{"url_replaced": true}';
    end if;
    row_before := row_before - array['secret', 'previous_secrets']
      || jsonb_build_object('url', substring(row_before ->> 'url' from '^https?://[^/?#]+'));
    row_after := row_after - array['secret', 'previous_secrets']
      || jsonb_build_object('url', substring(row_after ->> 'url' from '^https?://[^/?#]+'));
  elsif tg_table_name = 'policy_overrides' then -- its amount is in the limit's unit
    select row_before || x.type, row_after || x.type into row_before, row_after
    from (
      select jsonb_build_object('type', l.type) as type from limits l
      where l.organization_id = (any_row ->> 'organization_id')::uuid and l.id = (any_row ->> 'limit_id')::uuid) x;
  elsif tg_table_name in ('price_multipliers', 'gateway_outages') then -- it is about the organization
    row_before := row_before - 'id';
    row_after := row_after - 'id';
    any_row := any_row - 'id';
  elsif tg_table_name in ('budget_raises', 'raise_requests') then -- they are about the budget, and who and why are the entry's own
    row_before := row_before - about_budget;
    row_after := row_after - about_budget;
    if any_row ->> 'group_id' is null then -- of no single group
      row_before := row_before - array['group_by', 'group_values'];
      row_after := row_after - array['group_by', 'group_values'];
    end if;
    any_row := any_row - 'id';
  end if;
  row_before := audit_json(row_before, prefix);
  row_after := audit_json(row_after, prefix);
  if replaced then
    row_after := row_after || '{"secretReplaced": true}';
  end if;
  if row_before - counted is not distinct from row_after - counted then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    row_whole := row_before;
    row_before := audit_changes(row_before, row_after);
    row_after := audit_changes(row_after, row_whole);
  end if;
  of_organization := case tg_table_name
    when 'organizations' then any_row ->> 'id'
    else any_row ->> 'organization_id'
  end;
  insert into audit_log (organization_id, action, actor, target_type, target_id, before, after, request_id, reason)
  values (
    of_organization,
    coalesce(nullif(current_setting('bursar.action', true), ''), lower(tg_op collate "C") || ' ' || tg_table_name),
    audit_actor(of_organization),
    prefix,
    coalesce(any_row ->> 'id', any_row ->> 'policy_id', any_row ->> 'subject_id', any_row ->> 'api_key_id', any_row ->> 'budget_limit_id', any_row ->> 'organization_id')::uuid,
    row_before,
    row_after,
    nullif(current_setting('bursar.request_id', true), ''),
    nullif(current_setting('bursar.reason', true), ''));
  return null;
end
$$;

create or replace trigger organizations_audit after insert or update or delete on organizations
  for each row execute function write_audit_log();
create or replace trigger workspaces_audit after insert or update or delete on workspaces
  for each row execute function write_audit_log();
create or replace trigger members_audit after insert or update or delete on members
  for each row execute function write_audit_log();
create or replace trigger access_tokens_audit after insert or update or delete on access_tokens
  for each row execute function write_audit_log();
create or replace trigger api_key_secrets_audit after insert or update or delete on api_key_secrets
  for each row execute function write_audit_log();
create or replace trigger recipients_audit after insert or update or delete on recipients
  for each row execute function write_audit_log();
create or replace trigger suppressed_addresses_audit after insert or update or delete on suppressed_addresses
  for each row execute function write_audit_log();
create or replace trigger estimate_rules_audit after insert or update or delete on estimate_rules
  for each row execute function write_audit_log();
create or replace trigger price_multipliers_audit after insert or update or delete on price_multipliers
  for each row execute function write_audit_log();
create or replace trigger gateway_outages_audit after insert or update or delete on gateway_outages
  for each row execute function write_audit_log();
create or replace trigger repricings_audit after insert or update or delete on repricings
  for each row execute function write_audit_log();
create or replace trigger simulations_audit after insert or update or delete on simulations
  for each row execute function write_audit_log();
create or replace trigger organization_quotas_audit after insert or update or delete on organization_quotas
  for each row execute function write_audit_log();
-- every column but those that only enforcement writes: its statements do not fire the trigger
create or replace trigger api_keys_audit
  after insert or delete or update of organization_id, id, workspace_id, created_by_id, name, description, prefix, enabled,
    disabled_by_administrator, email_notifications, metadata, created_at, expires_at, expires_at_most, revoked_at, former_creator_id
  on api_keys
  for each row execute function write_audit_log();
create or replace trigger budget_raises_audit after insert or update or delete on budget_raises
  for each row execute function write_audit_log();
create or replace trigger raise_requests_audit after insert or update or delete on raise_requests
  for each row execute function write_audit_log();
create or replace trigger limits_audit after insert or update or delete on limits
  for each row execute function write_audit_log();
create or replace trigger webhooks_audit after insert or update or delete on webhooks
  for each row execute function write_audit_log();
-- not group_count, which enforcement writes
create or replace trigger policies_audit
  after insert or delete or update of organization_id, id, workspace_id, name, mode, group_by, max_groups, created_at on policies
  for each row execute function write_audit_log();
create or replace trigger policy_conditions_audit after insert or update or delete on policy_conditions
  for each row execute function write_audit_log();
create or replace trigger policy_overrides_audit after insert or update or delete on policy_overrides
  for each row execute function write_audit_log();
