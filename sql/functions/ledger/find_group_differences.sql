-- find_group_differences returns each limit of a policy that has not one counter for each of the policy's groups, or has one that is defined
-- otherwise (stored: counters that are right, expected: groups), and each policy that counts its groups wrongly. What the counters have
-- counted is compared by find_ledger_differences.
create or replace function find_group_differences(p_organization_id uuid) returns setof ledger_differences
language sql stable
as $$
  select p_organization_id, 'counters of groups of ' || l.kind || ' ' || l.type,
    external_id(case l.kind when 'BUDGET' then 'bud' else 'rat' end, l.id), n.counters, n.groups
  from limits l
  cross join lateral (
    select count(distinct c.subject_id) filter (where (c.subject_type, c.kind, c.type, c.period, c.max_units, c.alert_units, c.generation)
        = (l.subject_type, l.kind, l.type, l.period, group_amount(l, c.subject_id), l.alert_units, l.generation)
        and c.unenforced is not distinct from unenforced_of(l) and g.policy_id = l.policy_id) as counters,
      (select count(*) from policy_groups g where g.organization_id = l.organization_id and g.policy_id = l.policy_id) as groups,
      count(*) as all_counters
    from counters c
    left join policy_groups g on g.organization_id = c.organization_id and g.id = c.subject_id
    where c.organization_id = l.organization_id and c.limit_id = l.id) n
  where l.organization_id = p_organization_id and l.policy_id is not null and (n.counters <> n.groups or n.all_counters <> n.groups)
  union all
  select p_organization_id, 'groups', external_id('pol', p.id), p.group_count, g.number
  from policies p
  cross join lateral (
    select count(*) as number from policy_groups g where g.organization_id = p.organization_id and g.policy_id = p.id) g
  where p.organization_id = p_organization_id and p.group_count <> g.number
$$;
