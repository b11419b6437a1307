-- audit_json returns a row in the audit log's form: GraphQL's names, external ids, amounts in dollars; without secrets, without
-- columns that enforcement writes, and without columns that repeat another or the entry's actor.
create or replace function audit_json(p_row jsonb, p_prefix text) returns jsonb
language sql stable
as $$
  select jsonb_object_agg(
    n.name,
    case
      when r.key = 'id' then to_jsonb(external_id(p_prefix, (p_row ->> 'id')::uuid))
      when jsonb_typeof(r.value) = 'null' then r.value
      when x.prefix is not null then to_jsonb(external_id(x.prefix, (r.value #>> '{}')::uuid))
      when r.key in ('max_units', 'used_units', 'units') and p_row ->> 'type' = 'COST'
        then to_jsonb(trim_scale((r.value #>> '{}')::numeric * 0.000000001)::text)
      when r.key in ('max_units', 'used_units', 'units') then to_jsonb(r.value #>> '{}')
      when r.key = 'alert_units' then (
        select coalesce(jsonb_agg(case p_row ->> 'type'
          when 'COST' then trim_scale(a.units::numeric * 0.000000001)::text else a.units end), '[]')
        from jsonb_array_elements_text(r.value) a (units))
      else r.value
    end)
  from jsonb_each(p_row) r
  cross join lateral (
    select case r.key
      when 'max_units' then 'amount'
      when 'used_units' then 'used'
      when 'units' then 'by'
      when 'alert_units' then 'alertThresholds'
      else (
        select string_agg(case w.number when 1 then w.word else initcap(w.word) end, '' order by w.number)
        from regexp_split_to_table(r.key, '_') with ordinality w (word, number))
    end as name
  ) n
  left join (values
    ('organization_id', 'org'), ('workspace_id', 'ws'), ('api_key_id', 'key'), ('member_id', 'mem'), ('created_by_id', 'mem'),
    ('former_creator_id', 'mem'), ('budget_limit_id', 'bud'), ('created_by_token_id', 'tok')
  ) x (key, prefix) on x.key = r.key
  where not (r.key = 'address' and p_row ? 'email') -- address is email in lower case
    and r.key not in ('token_hash', 'secret_hash', 'subject_id', 'subject_type', 'last_used_at', 'generation_started_at', 'updated_by', 'defined_by',
      'version_transaction_id')
$$;
