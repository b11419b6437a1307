-- list_groups returns the groups of a policy at an instant, the largest first: by the largest share of an amount that is used or reserved of one
-- of their limits, those of one share by their ids; after a share and an id (null: from the first), at most p_limit; p_search
-- (null: all) is a text that one of their values has. It reads the counters of
-- all groups of the policy that have it, and holds past their expiry count.
create or replace function list_groups(
  p_organization_id uuid, p_policy_id uuid, p_now timestamptz, p_after_share numeric, p_after_id uuid, p_limit integer,
  p_search text)
returns setof listed_groups
language sql stable
as $$
  select s.* from (
    select g.organization_id, g.policy_id, g.id, p.group_by, g.group_values, g.created_at, coalesce(u.share, 0) as share
    from policies p
    join policy_groups g on g.organization_id = p.organization_id and g.policy_id = p.id
      and (p_search is null or group_has_text(g.group_values, p_search))
    left join (
      select c.subject_id, round(max(case
        when is_over(c.kind, c.period_start, c.period_end, p_now) then 0 else c.used_units + c.reserved_units end
        / amount_at(c.max_units, c.raises, p_now)), 12) as share
      from limits l
      join counters c on c.organization_id = l.organization_id and c.limit_id = l.id
      where l.organization_id = p_organization_id and l.subject_id = p_policy_id
      group by c.subject_id) u on u.subject_id = g.id
    where p.organization_id = p_organization_id and p.id = p_policy_id) s
  where p_after_id is null or s.share < p_after_share or (s.share = p_after_share and s.id > p_after_id)
  order by s.share desc, s.id limit p_limit
$$;
