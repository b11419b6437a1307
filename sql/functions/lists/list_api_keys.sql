-- list_api_keys returns the ids of a page of API keys, in order: of an organization (null: of every one), of one of its workspaces or of
-- none, created by one member, also one who was removed, in one of some statuses now, with a text in the name, the description or the prefix
-- (as fold_case makes it), with a prefix; each filter may be null or false.
--
-- p_order is NAME, CREATED_AT or LAST_USED_AT. The page is what comes first in ascending order, or with p_descending in descending order,
-- of the keys above one position and below another (null: no bound). A position is an id and, for the two other orders, the name or the last
-- use (null: never).
--
-- The statement is made of what is asked for, so that the planner sees no condition that holds nothing back. Most pages are full after a look
-- at few keys in order. A page that is not is read by what the keys have: few of those that follow can be wanted then. What takes long to tell
-- of a key, whether it has the text and whether a budget is full, is told in the page's order, until the page is full. Runs as the owner:
-- row-level security would keep indexes of expressions from finding anything. Answers nothing to whoever does not act for the organization.
create or replace function list_api_keys(
  p_organization_id uuid, p_workspace_id uuid, p_unassigned boolean, p_created_by_id uuid, p_statuses api_key_status[], p_search text,
  p_prefix text, p_order text, p_descending boolean, p_above_id uuid, p_above_name text, p_above_time timestamptz, p_below_id uuid,
  p_below_name text, p_below_time timestamptz, p_number integer)
returns setof uuid
language plpgsql stable security definer rows 100
set search_path from current
set jit = off -- compiling takes longer than what it compiles
as $$
declare
  -- keys that are looked at in order before others are found by what they have
  looked constant integer[] := case when p_search <> '' then '{300,4000}' else '{500,4000}' end;
  few constant integer := 2500; -- keys that are put in order faster than they are found in it
  now constant timestamptz := statement_timestamp();
  grams text[] := grams_to_find(p_search);
  rare text[]; -- grams that less than half of the first keys have: an index finds by these, and is slow to look at others
  of_text constant boolean := coalesce(p_search <> '', false);
  active constant boolean := coalesce('ACTIVE' = any (p_statuses), false);
  exhausted constant boolean := coalesce('EXHAUSTED' = any (p_statuses), false);
  -- an index has these alone, in the page's order
  indexed constant boolean := coalesce(p_statuses in ('{REVOKED}', '{DISABLED}'), false) and p_order = 'CREATED_AT' and not of_text
    and p_organization_id is not null and not p_unassigned and num_nonnulls(p_workspace_id, p_created_by_id, p_prefix) = 0;
  -- the operator's order by id is an expression whose index no other list can use
  by_id constant text := case when p_organization_id is null and p_order = 'CREATED_AT' then 'uuid_send(%s)' else '%s' end;
  place constant text := case p_order
    when 'NAME' then 'fold_case(%2$s) collate "C", ' || by_id
    when 'LAST_USED_AT' then 'coalesce(%3$s, ''-infinity''), ' || by_id
    else by_id end;
  of_key constant text := format(replace(place, '%s', '%1$s'), 'k.id', 'k.name', 'k.last_used_at');
  direction constant text := case when p_descending then ' desc' else '' end;
  ordered constant text := ' order by ' || replace(of_key, ', k.id', direction || ', k.id') || direction;
  listed constant text := ' from api_keys k where ' || concat_ws(' and ',
    api_key_scope_sql(p_organization_id, p_workspace_id, p_unassigned, p_created_by_id, p_prefix),
    case when p_above_id is not null then format('(%s) > (%s)', of_key, format(replace(place, '%s', '%1$s'), '$7', '$8', '$9')) end,
    case when p_below_id is not null then format('(%s) < (%s)', of_key, format(replace(place, '%s', '%1$s'), '$10', '$11', '$12')) end);
  -- of a subquery, whose rows have as sort_key what comes before the id in the order
  keyed constant text := 'select k.organization_id, k.id, k.workspace_id, k.enabled, k.revoked_at, k.expires_at, ' ||
    case when of_text then 'k.name, k.description, k.prefix, ' else '' end || replace(of_key, ', k.id', '') || ' as sort_key' || listed;
  by_key constant text := format(' order by k.sort_key%1$s, k.id%1$s', direction);
  -- the same where no index has the order: the names, of ASCII alone as a rule, without a call for each
  sorted constant text := replace(keyed, 'fold_case(k.name)',
    'case when octet_length(k.name) = char_length(k.name) then lower(k.name collate "C") else fold_case(k.name) end');
  wanted text;
  subjects uuid[]; -- that have a full budget, or may have one
  found text; -- the condition that such a subject is the key or its owner, where few can be
  in_order boolean := false; -- exhausted keys are found in the page's order
  beyond text; -- the condition that an exhausted key is within the bounds of the page
  is_rare boolean := false; -- no more than few keys have the statuses
  statement text;
  ids uuid[];
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  if p_statuses = '{EXHAUSTED}' and p_organization_id is not null and p_order <> 'LAST_USED_AT' then
    subjects := held_keys_at(p_organization_id, now);
    in_order := subjects is not null;
  end if;
  if in_order then
    found := '(k.id = any ($14))';
  elsif exhausted and not active then
    subjects := array(select possibly_full_subjects_at(p_organization_id, now));
    found := in_subjects_sql(p_organization_id, subjects, '$14');
  end if;
  wanted := api_key_filter_sql(p_statuses, p_search, case when active and exhausted then 'true' else concat_ws(' and ', found, 'exists (
    select from counters c
    where c.organization_id = k.organization_id and c.subject_id ' || case found
        when '(k.id = any ($14))' then '= k.id' else '= any (array[k.organization_id, k.workspace_id, k.id])' end || '
      and c.kind = ''BUDGET'' and is_full(c, $6))') end);
  -- few keys are found by their status, and put in order, faster than by a look at 4,000 in order
  if not active and not of_text and found is null and p_statuses is not null and not indexed then
    execute format('select count(*) <= %1$s from (select%2$s and %3$s limit %1$s + 1) k', few, listed, api_key_filter_sql(p_statuses, null, 'false'))
      into is_rare
      using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, p_above_id, p_above_name, p_above_time,
        p_below_id, p_below_name, p_below_time;
  end if;
  if wanted <> '' and not indexed and not is_rare and (found is null or p_statuses <> '{EXHAUSTED}') then
    for i in 1 .. cardinality(looked) loop
      execute format(case when i = 1 and cardinality(grams) > 1 then 'with looked as materialized (%1$s%2$s limit %3$s)
          select array(select k.id from looked k where %4$s%5$s limit $13), array(
            select g.gram from unnest($15) g (gram)
            where (select 2 * count(*) filter (where strpos(lower((k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix) collate "C"), g.gram) > 0)
              < count(*) from (select * from looked limit 60) k))'
          else 'select array(select k.id from (%1$s%2$s limit %3$s) k where %4$s%5$s limit $13), $16' end, keyed, ordered, looked[i], wanted, by_key)
        into ids, rare
        using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, p_above_id, p_above_name, p_above_time,
          p_below_id, p_below_name, p_below_time, p_number, subjects, grams, rare;
      if cardinality(ids) = p_number then
        return query select unnest(ids);
        return;
      end if;
      -- a look at more fills the page, and halfway as a rule, if as many of them are wanted; the order by last use has no index
      exit when p_order = 'LAST_USED_AT' or i = cardinality(looked) or cardinality(ids)::bigint * looked[i + 1] < 2 * p_number * looked[i];
    end loop;
  end if;
  if cardinality(rare) > 0 then
    grams := rare;
  end if;
  if active and not exhausted and not of_text then
    subjects := array(select full_subjects_at(p_organization_id, now));
  end if;
  if wanted is null or wanted = '' then
    statement := 'select k.id' || listed || ordered;
  elsif in_order then
    -- keys in whose budgets usage has reached the amount, in order, and those that holds may have filled, until the page is full
    beyond := concat_ws(' and ', 'x.organization_id = $1 and x.sort_name is not null',
      case when p_above_id is not null then
        case p_order when 'NAME' then '(x.sort_name, x.subject_id) > (fold_case($8) collate "C", $7)' else 'x.subject_id > $7' end end,
      case when p_below_id is not null then
        case p_order when 'NAME' then '(x.sort_name, x.subject_id) < (fold_case($11) collate "C", $10)' else 'x.subject_id < $10' end end);
    statement := format('select k.id
      from (
        select * from (
          select x.sort_name, x.subject_id as id from exhausted_subjects x where %1$s
          union all
          select %5$s, h.id from unnest($14) h (id)
          where not exists (select from exhausted_subjects x where x.organization_id = $1 and x.subject_id = h.id)) s
        order by %2$s offset 0) s
      cross join lateral (%3$s and k.id = s.id offset 0) k
      where %4$s order by %2$s', beyond, case p_order when 'NAME' then 's.sort_name' || direction || ', ' else '' end || 's.id' || direction,
      'select k.*' || listed, replace(wanted, found || ' and ', ''),
      case p_order when 'NAME' then '(select fold_case(k.name) from api_keys k where k.organization_id = $1 and k.id = h.id)' else 'null' end);
  elsif p_statuses = '{EXHAUSTED}' and found = '(k.id = any ($14))' then
    -- none but these can be wanted, by budgets of their own; in the order by id they are looked up one by one, until the page is full
    statement := format(case
        when p_order = 'CREATED_AT' and p_organization_id is not null then 'select k.id
          from (select s.id as place, k.* from (select s.id from unnest($14) s (id) order by s.id%1$s) s
            cross join lateral (%2$s and k.id = s.id offset 0) k) k where %3$s order by k.place%1$s'
        else 'select k.id
          from (select k.* from (select k.* from unnest($14) s (id) cross join lateral (%2$s and k.id = s.id offset 0) k offset 0) k%4$s offset 0) k
          where %3$s%4$s' end,
      direction, sorted, replace(wanted, found || ' and ', ''), by_key);
  elsif of_text or found is not null or is_rare then
    -- all that indexes find, in order, until the page is full
    statement := format('select k.id from (select * from (%s offset 0) k%s offset 0) k where %s%s',
      concat_ws(' and ', sorted,
        nullif(api_key_filter_sql(p_statuses, case when cardinality(grams) = 0 then p_search end, case
          when active and exhausted then 'true' when exhausted then found else 'false' end), ''),
        case when cardinality(grams) > 0 and found is null then
          'text_grams(fold_case(k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix)) collate "C" @> $15' end),
      by_key, wanted, by_key);
  else
    statement := 'select k.id' || listed || ' and ' || api_key_filter_sql(p_statuses, null,
      case when active and exhausted then 'true' when active then in_subjects_sql(p_organization_id, subjects, '$14') end) || ordered;
  end if;
  return query execute statement || ' limit $13'
    using p_organization_id, p_workspace_id, p_created_by_id, p_prefix, p_search, now, p_above_id, p_above_name, p_above_time,
      p_below_id, p_below_name, p_below_time, p_number, subjects, grams;
end
$$;
