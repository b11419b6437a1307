-- count_api_keys counts the API keys that list_api_keys would list in all. Runs as the owner, as that does, and counts nothing to whoever does
-- not act for the organization.
create or replace function count_api_keys(
  p_organization_id uuid, p_workspace_id uuid, p_unassigned boolean, p_created_by_id uuid, p_statuses api_key_status[], p_search text,
  p_prefix text)
returns bigint
language plpgsql stable security definer
set search_path from current
as $$
declare
  grams constant text[] := grams_to_find(p_search);
  full_subjects uuid[] := '{}';
  counted bigint;
begin
  if not acts_for_organization(p_organization_id) then
    return 0;
  end if;
  if p_statuses && '{ACTIVE,EXHAUSTED}' and not p_statuses @> '{ACTIVE,EXHAUSTED}' then
    full_subjects := array(select f from full_subjects_at(p_organization_id, statement_timestamp()) f);
  end if;
  execute 'select count(*) from api_keys k where ' || concat_ws(' and ',
      api_key_scope_sql(p_organization_id, p_workspace_id, p_unassigned, p_created_by_id, p_prefix),
      nullif(api_key_filter_sql(p_statuses, p_search, in_subjects_sql(p_organization_id, full_subjects, '$7')), ''),
      case when cardinality(grams) > 0 then
        'text_grams(fold_case(k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix)) collate "C" @> $8' end)
    into counted
    using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, statement_timestamp(), full_subjects, grams;
  return counted;
end
$$;
