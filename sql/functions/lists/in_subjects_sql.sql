-- in_subjects_sql returns the condition on api_keys k that one of some subjects is the key, its workspace or its organization, for statements
-- that list_api_keys and count_api_keys make. p_parameter has the subjects. p_organization_id is that of all the keys (null: they are of
-- several).
create or replace function in_subjects_sql(p_organization_id uuid, p_subjects uuid[], p_parameter text) returns text
language sql immutable
as $$
  select case
    when p_organization_id = any (p_subjects) then 'true'
    when cardinality(p_subjects) = 0 then 'false'
    else format('(k.id = any (%1$s) or k.workspace_id is not null and k.workspace_id = any (%1$s)%2$s)', p_parameter,
      case when p_organization_id is null then format(' or k.organization_id = any (%s)', p_parameter) else '' end) end
$$;
