-- count_api_keys counts the API keys that list_api_keys would list in all. Keys with a text are found by its grams, unless many of some keys
-- have it. Runs as the owner, as that does, and counts nothing to whoever does not act for the organization.
create or replace function count_api_keys(
  p_organization_id uuid, p_workspace_id uuid, p_unassigned boolean, p_created_by_id uuid, p_statuses api_key_status[], p_search text,
  p_prefix text)
returns bigint
language plpgsql stable security definer
set search_path from current
set jit = off
as $$
declare
  now constant timestamptz := statement_timestamp();
  grams constant text[] := grams_to_find(p_search);
  active constant boolean := coalesce('ACTIVE' = any (p_statuses), false);
  exhausted constant boolean := coalesce('EXHAUSTED' = any (p_statuses), false);
  scope constant text := api_key_scope_sql(p_organization_id, p_workspace_id, p_unassigned, p_created_by_id, p_prefix);
  subjects uuid[] := '{}'; -- that have a full budget
  is_common boolean := false;
  counted bigint;
begin
  if not acts_for_organization(p_organization_id) then
    return 0;
  end if;
  if active <> exhausted then
    subjects := array(select full_subjects_at(p_organization_id, now));
  end if;
  if cardinality(grams) > 0 then
    execute format('select coalesce(avg((%s)::integer), 0) > 0.6 from (select * from api_keys k where %s limit 200) k',
        api_key_filter_sql(null, p_search, null), scope)
      into is_common using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search;
  end if;
  execute concat_ws(' - ',
      format('select (select count(*) from api_keys k where %s)', concat_ws(' and ', scope,
        nullif(api_key_filter_sql(p_statuses, p_search, case
          when active and exhausted then 'true' when exhausted then in_subjects_sql(p_organization_id, subjects, '$7') else 'false' end), ''),
        case when cardinality(grams) > 0 and not is_common and (active or not exhausted) then
          'text_grams(fold_case(k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix)) collate "C" @> $8' end)),
      case when active and not exhausted then -- exhausted keys are found by an index, active ones are not
        format('(select count(*) from api_keys k where %s)', concat_ws(' and ', scope,
          api_key_filter_sql('{EXHAUSTED}', p_search, in_subjects_sql(p_organization_id, subjects, '$7')))) end)
    into counted
    using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, subjects, grams;
  return counted;
end
$$;
