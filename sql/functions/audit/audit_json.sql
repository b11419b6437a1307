-- audit_json returns a row in the audit log's form: GraphQL's names, external ids, amounts in dollars; without secrets, without
-- columns that enforcement writes, and without columns that repeat another or the entry's actor. Null for null.
--
-- In PL/pgSQL, which keeps the plan for the session: SQL would make it anew in each transaction.
create or replace function audit_json(p_row jsonb, p_prefix text) returns jsonb
language plpgsql stable
as $$
declare
  of_cost constant boolean := p_row ->> 'type' = 'COST';
begin
  if p_row is null then
    return null;
  end if;
  return (
    select jsonb_object_agg(
      case r.key
        when 'max_units' then 'amount'
        when 'used_units' then 'used'
        when 'units' then 'by'
        when 'alert_units' then 'alertThresholds'
        when 'alert_percents' then 'alertThresholdPercents'
        when 'alert_recipients' then 'alertRecipients'
        when 'cost_nanos' then 'cost'
        -- the first word as it is, others with a capital letter
        else left(r.key, 1) || substr(replace(initcap(replace(r.key, '_', ' ') collate "C"), ' ', ''), 2)
      end,
      case
        when r.key = 'id' then to_jsonb(external_id(p_prefix, (r.value #>> '{}')::uuid))
        when jsonb_typeof(r.value) = 'null' then r.value
        when x.prefix is not null then to_jsonb(external_id(x.prefix, (r.value #>> '{}')::uuid))
        when r.key = 'cost_nanos' then to_jsonb(trim_scale((r.value #>> '{}')::numeric * 0.000000001)::text)
        when r.key in ('max_units', 'used_units', 'units') and of_cost then to_jsonb(trim_scale((r.value #>> '{}')::numeric * 0.000000001)::text)
        when r.key in ('max_units', 'used_units', 'units') then to_jsonb(r.value #>> '{}')
        when r.key = 'alert_units' then (
          select coalesce(jsonb_agg(case when of_cost then trim_scale(a.units::numeric * 0.000000001)::text else a.units end), '[]')
          from jsonb_array_elements_text(r.value) a (units))
        when r.key = 'alert_recipients' then (
          select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', a.e -> 'kind', 'threshold',
              case when of_cost then trim_scale((a.e ->> 'units')::numeric * 0.000000001)::text else a.e ->> 'units' end,
              'thresholdPercent', a.e -> 'percent', 'emails', a.e -> 'emails', 'includeSubjectRecipients', a.e -> 'subject_recipients')) order by a.number), '[]')
          from jsonb_array_elements(r.value) with ordinality a (e, number))
        else r.value
      end)
    from jsonb_each(p_row) r
    cross join lateral (
      select case r.key
        when 'organization_id' then 'org'
        when 'workspace_id' then 'ws'
        when 'api_key_id' then 'key'
        when 'member_id' then 'mem'
        when 'created_by_id' then 'mem'
        when 'former_creator_id' then 'mem'
        when 'budget_limit_id' then 'bud'
        when 'policy_id' then 'pol'
        when 'created_by_token_id' then 'tok'
      end as prefix) x
    where not (r.key = 'address' and p_row ? 'email') -- address is email in lower case
      and r.key not in ('token_hash', 'secret_hash', 'subject_id', 'subject_type', 'last_used_at', 'generation_started_at', 'updated_by', 'defined_by',
        'version_transaction_id', 'policy_mode', 'group_count', 'group_id', 'allowed_patterns', 'refused_patterns'));
end
$$;
