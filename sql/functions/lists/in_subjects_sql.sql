-- in_subjects_sql returns the condition on api_keys k that one of some subjects is the key, its workspace or its organization, for statements
-- that list_api_keys and count_api_keys make. p_parameter has the subjects. p_organization_id is that of all the keys (null: they are of
-- several). Workspaces are compared where there are some among the subjects alone: without them, an index finds the keys.
create or replace function in_subjects_sql(p_organization_id uuid, p_subjects uuid[], p_parameter text) returns text
language sql stable
as $$
  select case
    when p_organization_id = any (p_subjects) then 'true'
    when cardinality(p_subjects) = 0 then 'false'
    else '(' || concat_ws(' or ', format('k.id = any (%s)', p_parameter),
      case when exists (
          select from workspaces w
          where (p_organization_id is null or w.organization_id = p_organization_id) and w.id = any (p_subjects)) then
        format('k.workspace_id is not null and k.workspace_id = any (%s)', p_parameter) end,
      case when p_organization_id is null then format('k.organization_id = any (%s)', p_parameter) end) || ')' end
$$;
