-- list_api_keys returns the ids of a page of API keys, in order: of an organization (null: of every one), of one of its workspaces or of
-- none, created by one member, also one who was removed, in one of some statuses now, with a text in the name, the description or the prefix
-- (as fold_case makes it), with a prefix; each filter may be null or false.
--
-- p_order is NAME, CREATED_AT or LAST_USED_AT. The page is what comes first in ascending order, or with p_descending in descending order,
-- of the keys above one position and below another (null: no bound). A position is an id and, for the two other orders, the name or the last
-- use (null: never).
--
-- The statement is made of what is asked for, so that the planner sees no condition that holds nothing back. Most pages are full after a look
-- at few keys in order. A page that is not is read by what the keys have: few of those that follow can be wanted then. Runs as the owner:
-- row-level security would keep indexes of expressions from finding anything. Answers nothing to whoever does not act for the organization.
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
  now constant timestamptz := statement_timestamp();
  -- the operator's order by id is an expression whose index no other list can use
  by_id constant text := case when p_organization_id is null and p_order = 'CREATED_AT' then 'uuid_send(%s)' else '%s' end;
  place constant text := case p_order
    when 'NAME' then 'fold_case(%2$s) collate "C", ' || by_id
    when 'LAST_USED_AT' then 'coalesce(%3$s, ''-infinity''), ' || by_id
    else by_id end;
  of_key constant text := format(replace(place, '%s', '%1$s'), 'k.id', 'k.name', 'k.last_used_at');
  ordered constant text := ' order by ' || case when p_descending then replace(of_key, ', k.id', ' desc, k.id') || ' desc' else of_key end;
  listed constant text := ' from api_keys k where ' || concat_ws(' and ',
    api_key_scope_sql(p_organization_id, p_workspace_id, p_unassigned, p_created_by_id, p_prefix),
    case when p_above_id is not null then format('(%s) > (%s)', of_key, format(replace(place, '%s', '%1$s'), '$7', '$8', '$9')) end,
    case when p_below_id is not null then format('(%s) < (%s)', of_key, format(replace(place, '%s', '%1$s'), '$10', '$11', '$12')) end);
  wanted text := api_key_filter_sql(p_statuses, p_search, 'exists (
    select from limit_statuses_at($6) s
    where s.organization_id = k.organization_id and s.subject_id = any (array[k.organization_id, k.workspace_id, k.id])
      and s.kind = ''BUDGET'' and s.used_units + s.reserved_units >= s.max_units)');
  full_subjects uuid[] := '{}';
  found_ids uuid[]; -- that may have the text
  ids uuid[];
  number bigint;
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  if wanted <> '' then
    execute 'with k as materialized (select k.*' || listed || ordered || ' limit ' || looked || ')
      select array(select k.id from k where ' || wanted || ordered || ' limit $13), (select count(*) from k)'
      into ids, number
      using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, p_above_id, p_above_name, p_above_time,
        p_below_id, p_below_name, p_below_time, p_number;
    if cardinality(ids) = p_number or number < looked then
      return query select unnest(ids);
      return;
    end if;
    if p_statuses && '{ACTIVE,EXHAUSTED}' then
      full_subjects := array(select f from full_subjects_at(p_organization_id, now) f);
    end if;
    wanted := api_key_filter_sql(p_statuses, p_search, in_subjects_sql(p_organization_id, full_subjects, '$14'));
    found_ids := api_keys_with_text(p_organization_id, p_search, candidates);
  end if;
  return query execute 'select k.id' || listed || coalesce(' and ' || nullif(wanted, ''), '')
      || case when found_ids is null then '' else ' and k.id = any ($15)' end || ordered || ' limit $13'
    using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, p_above_id, p_above_name, p_above_time,
      p_below_id, p_below_name, p_below_time, p_number, full_subjects, found_ids;
end
$$;
