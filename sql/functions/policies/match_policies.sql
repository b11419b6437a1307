-- match_policies finds the groups of policies that requests fall under. The arrays have an element for each request: its organization, its
-- workspace and its API key (null: it falls under nothing), and what it is for (empty or null: not given; metadata is a JSON object). Policies
-- without limits are passed over. It only reads.
--
-- A policy has no more groups than it may have. Requests that would need another one are exhausted, and those of a policy in SHADOW fall under
-- none. Groups that do not exist count in the order of the requests, or each as if it were alone (p_alone).
create or replace function match_policies(
  p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_providers text[], p_models text[], p_metadata text[],
  p_alone boolean)
returns policy_match_batch
language plpgsql stable
as $$
declare
  matches policy_match_batch;
begin
  with policies as materialized (
    select p.organization_id, p.id, p.workspace_id, p.group_by, p.mode, p.max_groups - p.group_count as room,
      exists (select from policy_conditions c where c.organization_id = p.organization_id and c.policy_id = p.id) as is_conditional,
      policy_group_id(p.id, '{}') as only_group_id
    from (select distinct o.id from unnest(p_organization_ids) o (id)) o
    join policies p on p.organization_id = o.id
    where exists (select from limits l where l.organization_id = p.organization_id and l.subject_id = p.id)
  ), conditions as materialized (
    select c.policy_id, c.attribute, c.allowed_patterns, c.refused_patterns
    from policies p
    join policy_conditions c on c.organization_id = p.organization_id and c.policy_id = p.id
  ), requests as materialized (
    select q.index, q.organization_id, q.workspace_id, q.api_key_id, lower(nullif(q.provider, '')) as provider,
      lower(nullif(q.model, '')) as model, nullif(q.metadata, '')::jsonb as metadata
    from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids, p_providers, p_models, p_metadata)
      with ordinality q (organization_id, workspace_id, api_key_id, provider, model, metadata, index)
    where q.organization_id is not null and q.api_key_id is not null
  ), matching as materialized (
    select q.index::integer, p.organization_id, p.id as policy_id, p.mode, p.room, v.group_values,
      case when p.group_by = '{}' then p.only_group_id else policy_group_id(p.id, v.group_values) end as group_id
    from requests q
    join policies p on p.organization_id = q.organization_id and (p.workspace_id is null or p.workspace_id = q.workspace_id)
    cross join lateral (
      select case cardinality(p.group_by)
        when 0 then '{}'
        when 1 then array[attribute_of(p.group_by[1], q.provider, q.model, q.metadata, q.workspace_id, q.api_key_id)]
        else array(
          select attribute_of(a.attribute, q.provider, q.model, q.metadata, q.workspace_id, q.api_key_id)
          from unnest(p.group_by) with ordinality a (attribute, index)
          order by a.index) end as group_values) v
    where not p.is_conditional or not exists (
      select from conditions c
      cross join lateral (
        select attribute_of(c.attribute, q.provider, q.model, q.metadata, q.workspace_id, q.api_key_id) as value) a
      where c.policy_id = p.id and (
        (c.allowed_patterns <> '{}' and (a.value like any (c.allowed_patterns)) is not true) or a.value like any (c.refused_patterns)))
  ), groups as materialized (
    select m.organization_id, m.policy_id, m.group_id, m.room, min(m.index) as first
    from matching m
    group by m.organization_id, m.policy_id, m.group_id, m.room
  ), existing as materialized (
    select g.group_id from groups g
    cross join lateral ( -- one look-up for each group: a join could read all of the organization's
      select from policy_groups e where e.organization_id = g.organization_id and e.id = g.group_id offset 0) e
  ), missing as materialized (
    select g.group_id, case when p_alone then 1 else row_number() over (partition by g.policy_id order by g.first, g.group_id) end <= g.room as fits
    from groups g
    where g.group_id not in (select e.group_id from existing e)
  )
  select array_agg(m.index) filter (where n.group_id is null), array_agg(m.group_id) filter (where n.group_id is null),
    array_agg(m.index) filter (where n.fits), array_agg(m.group_id) filter (where n.fits), array_agg(m.organization_id) filter (where n.fits),
    array_agg(m.policy_id) filter (where n.fits), array_agg(m.group_values::text) filter (where n.fits),
    array_agg(m.index) filter (where not n.fits and m.mode = 'ENFORCE'),
    array_agg(m.policy_id) filter (where not n.fits and m.mode = 'ENFORCE')
  into matches
  from matching m
  left join missing n on n.group_id = m.group_id;
  return matches;
end
$$;
