-- set_price_multiplier sets an organization's multiplier of a provider's prices (empty: of all prices for which nothing else is set) from an
-- instant on (null: now), and closes the one that is in effect then; it ends where the next one begins. Returns it, or the one in effect then if that is
-- the same. Raises price_multipliers_history_check for an instant that is over and at which another one was in effect, and the constraints
-- of price_multipliers. p_now is null in production. Runs as the owner: servers may not write multipliers.
create or replace function set_price_multiplier(
  p_organization_id uuid, p_provider text, p_multiplier numeric, p_effective_from timestamptz, p_now timestamptz default null)
returns setof price_multipliers
language plpgsql volatile security definer
set search_path from current
as $$
declare
  provider_name constant text := lower(p_provider collate "C");
  set_at timestamptz;
  starts_at timestamptz;
  previous price_multipliers;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  set_at := coalesce(p_now, clock_timestamp());
  starts_at := coalesce(p_effective_from, set_at);
  select * into previous from price_multipliers m
  where m.organization_id = p_organization_id and m.provider = provider_name
    and m.effective_from <= starts_at and (m.effective_to is null or m.effective_to > starts_at);
  if previous.multiplier = p_multiplier then
    return next previous;
    return;
  end if;
  if previous.id is not null then
    if starts_at < set_at then
      raise exception 'set_price_multiplier: another one was in effect at %', starts_at
        using errcode = 'check_violation', constraint = 'price_multipliers_history_check';
    end if;
    update price_multipliers m set effective_to = starts_at where m.organization_id = p_organization_id and m.id = previous.id;
  end if;
  return query
    insert into price_multipliers (organization_id, provider, multiplier, effective_from, effective_to)
    values (p_organization_id, provider_name, trim_scale(p_multiplier), starts_at, (
      select min(m.effective_from) from price_multipliers m
      where m.organization_id = p_organization_id and m.provider = provider_name and m.effective_from > starts_at
        and m.effective_to is distinct from m.effective_from))
    returning *;
end
$$;
