-- close_periods closes the ended periods of at most p_limit budgets of an organization, and queues mail to the recipients of
-- budgets that were exhausted: they have reset. Budgets whose period is over are rolled first. Decisions do not depend on it,
-- because they roll counters themselves. All ended periods of a budget are closed together, so that a budget without usage for
-- several periods gets one mail. The organization is locked for as long as p_limit budgets take. Returns how many periods it
-- closed; 0 when none is left. p_now is null in production: the database's clock, read after the lock.
create or replace function close_periods(p_organization_id uuid, p_limit integer, p_now timestamptz default null)
returns integer
language plpgsql volatile
as $$
declare
  closing_at timestamptz;
  budget_ids uuid[];  -- counters
  exhausted_ids uuid[];  -- limits
  closed integer;
begin
  perform lock_organizations(array[p_organization_id]);
  closing_at := coalesce(p_now, clock_timestamp());
  perform roll_counters(p_organization_id, array(
    select c.subject_id from counters c
    where c.organization_id = p_organization_id and c.closes_at <= closing_at
    limit p_limit), closing_at);
  budget_ids := array(
    select distinct d.counter_id from (
      select p.counter_id from budget_periods p
      where p.organization_id = p_organization_id and p.closed_at is null
      order by p.counter_id limit p_limit) d);
  with closing as (
    update budget_periods p set closed_at = closing_at
    where p.organization_id = p_organization_id and p.counter_id = any (budget_ids) and p.closed_at is null
    returning p.budget_limit_id, p.exhaustion_alerted
  )
  select count(*), coalesce(array_agg(distinct c.budget_limit_id) filter (where c.exhaustion_alerted), '{}')
  into closed, exhausted_ids
  from closing c;
  if exhausted_ids <> '{}' then
    perform raise_reset_notices(p_organization_id, exhausted_ids, closing_at);
    delete from exhausted_subjects x
    using (
      select distinct c.subject_id
      from unnest(budget_ids) b (id)
      cross join lateral (
        select c.subject_id from counters c
        where c.organization_id = p_organization_id and c.id = b.id and c.limit_id = any (exhausted_ids) offset 0) c) s
    where x.organization_id = p_organization_id and x.subject_id = s.subject_id and not exists (
      select from alerts a
      where a.organization_id = p_organization_id and a.subject_id = s.subject_id and a.kind = 'EXHAUSTED'
        and (a.period_end is null or a.period_end > closing_at));
  end if;
  return closed;
end
$$;
