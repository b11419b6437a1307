-- held_keys_at returns those of an organization's API keys with an open hold at an instant: beside the keys in exhausted_subjects no other key may have a full
-- budget. Null where that does not hold or is of no use: where a budget of a workspace or of the organization may be full, as its counter is stored,
-- which is one of many keys, and where there are too many open holds.
create or replace function held_keys_at(p_organization_id uuid, p_now timestamptz) returns uuid[]
language plpgsql stable
as $$
declare
  most constant integer := 2000; -- open holds
  held uuid[];
  owners uuid[];
begin
  if (select count(*) from (
      select from reservations r
      where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now limit most + 1) r) > most then
    return null;
  end if;
  select array_agg(distinct r.api_key_id), array_agg(distinct r.workspace_id) into held, owners
  from reservations r
  where r.organization_id = p_organization_id and r.status = 'HELD' and r.expires_at > p_now;
  owners := owners || p_organization_id || array(
    select x.subject_id from exhausted_subjects x where x.organization_id = p_organization_id and x.sort_name is null);
  if exists (
    select from unnest(owners) o (id)
    cross join lateral (
      select from counters c
      where c.organization_id = p_organization_id and c.subject_id = o.id and c.kind = 'BUDGET' and c.used_units + c.reserved_units >= c.max_units
      offset 0) c -- keeps the planner from reading every counter and joining
  ) then
    return null;
  end if;
  return coalesce(held, '{}');
end
$$;
