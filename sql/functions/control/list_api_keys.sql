-- list_api_keys returns the ids of a page of API keys, in order: of an organization (null: of every one), of one of its workspaces or of
-- none, created by one member, also one who was removed, in one of some statuses now, with a text in the name, the description or the prefix
-- (as fold_case makes it), with a prefix; each filter may be null or false.
--
-- p_order is NAME, CREATED_AT or LAST_USED_AT. The page is what comes first in ascending order, or with p_descending in descending order,
-- of the keys above one position and below another (null: no bound). A position is an id and, for the two other orders, the name or the last
-- use (null: never).
--
-- The statement is made of what is asked for, so that the planner sees no condition that does not hold anything back. Most pages are full after
-- a look at few keys in order. A page that is not is read by what the keys have: few of those that follow can be wanted then. Runs as the
-- owner: row-level security keeps an index of an expression from finding anything. Answers nothing to whoever does not act for the
-- organization.
create or replace function list_api_keys(
  p_organization_id uuid, p_workspace_id uuid, p_unassigned boolean, p_created_by_id uuid, p_statuses api_key_status[], p_search text,
  p_prefix text, p_order text, p_descending boolean, p_above_id uuid, p_above_name text, p_above_time timestamptz, p_below_id uuid,
  p_below_name text, p_below_time timestamptz, p_number integer)
returns setof uuid
language plpgsql stable security definer rows 100
set search_path from current
as $$
declare
  looked constant integer := 500; -- keys that are looked at in order before others are found by what they have
  candidates constant integer := 5000; -- keys that may have a text; of more, a look at all in order finds the page as soon
  -- the operator's order by id is an expression whose index no other list can use
  own constant text := case when p_organization_id is null and p_order = 'CREATED_AT' then 'uuid_send(%s)' else '%s' end;
  keyed constant text := case p_order when 'NAME' then 'fold_case(%s) collate "C"' when 'LAST_USED_AT' then 'coalesce(%s, ''-infinity'')' end;
  of_key constant text[] := array_remove(array[
    format(keyed, case p_order when 'NAME' then 'k.name' else 'k.last_used_at' end), format(own, 'k.id')], null);
  above constant text[] := array_remove(array[format(keyed, case p_order when 'NAME' then '$6' else '$7' end), format(own, '$5')], null);
  below constant text[] := array_remove(array[format(keyed, case p_order when 'NAME' then '$9' else '$10' end), format(own, '$8')], null);
  direction constant text := case when p_descending then ' desc' else '' end;
  ordered constant text := ' order by ' || array_to_string(of_key, direction || ', ') || direction;
  listed constant text := ' from api_keys k where ' || concat_ws(' and ',
    'true',
    case when p_organization_id is not null then 'k.organization_id = $1' end,
    case when p_workspace_id is not null then 'k.workspace_id = $2' end,
    case when p_unassigned then 'k.workspace_id is null' end,
    case when p_created_by_id is null then null
      when exists (select from members m where m.id = p_created_by_id) then 'k.created_by_id = $3'
      else 'k.former_creator_id = $3' end,
    case when p_prefix is not null then 'k.prefix = $4' end,
    case when p_above_id is not null then format('(%s) > (%s)', array_to_string(of_key, ', '), array_to_string(above, ', ')) end,
    case when p_below_id is not null then format('(%s) < (%s)', array_to_string(of_key, ', '), array_to_string(below, ', ')) end);
  live constant text := 'k.revoked_at is null and (k.expires_at is null or k.expires_at > $12)';
  by_status constant text := (
    select '(' || coalesce(string_agg(case s.status
      when 'REVOKED' then 'k.revoked_at is not null'
      when 'EXPIRED' then 'k.revoked_at is null and k.expires_at <= $12'
      when 'DISABLED' then live || ' and not k.enabled'
      when 'EXHAUSTED' then live || ' and k.enabled and %1$s'
      when 'ACTIVE' then live || ' and k.enabled and not %1$s' end, ' or '), 'false') || ')'
    from unnest(p_statuses) s (status));
  by_text constant text :=
    'strpos(fold_case(k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix), $11) > 0';
  wanted constant text := concat_ws(' and ', case when p_statuses is not null then by_status end, case when p_search <> '' then by_text end);
  is_full constant text := 'exists (
    select from limit_statuses_at($12) s
    where s.organization_id = k.organization_id and s.subject_id = any (array[k.organization_id, k.workspace_id, k.id])
      and s.kind = ''BUDGET'' and s.used_units + s.reserved_units >= s.max_units)';
  in_full constant text := '(k.id = any ($14) or k.workspace_id is not null and k.workspace_id = any ($14) or k.organization_id = any ($14))';
  subjects uuid[] := '{}'; -- with a full budget
  found_ids uuid[]; -- that may have the text
  ids uuid[];
  number bigint;
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  if wanted <> '' then
    execute 'with k as materialized (select k.*' || listed || ordered || ' limit ' || looked || ')
      select array(select k.id from k where ' || format(wanted, is_full) || ordered || ' limit $13), (select count(*) from k)'
      into ids, number
      using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_above_id, p_above_name, p_above_time, p_below_id, p_below_name,
        p_below_time, p_search, statement_timestamp(), p_number;
    if cardinality(ids) = p_number or number < looked then
      return query select unnest(ids);
      return;
    end if;
    if p_statuses && '{ACTIVE,EXHAUSTED}' then
      subjects := array(select f from full_subjects_at(p_organization_id, statement_timestamp()) f);
    end if;
    found_ids := api_keys_with_text(p_organization_id, p_search, candidates);
  end if;
  return query execute 'select k.id' || listed || case when wanted = '' then '' else ' and ' || format(wanted, in_full) end
      || case when found_ids is null then '' else ' and k.id = any ($15)' end || ordered || ' limit $13'
    using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_above_id, p_above_name, p_above_time, p_below_id, p_below_name,
      p_below_time, p_search, statement_timestamp(), p_number, subjects, found_ids;
end
$$;
