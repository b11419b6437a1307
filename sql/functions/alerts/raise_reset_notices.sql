-- raise_reset_notices queues a reset notice for each of the given budgets whose last exhausted period is over, to those who
-- hear of the exhaustion at this moment (see hearers_of), exactly once for a period, however often it is called. There is no notice for a budget
--   - that is exhausted again;
--   - that was raised or reset by hand in the meantime, or is not enabled;
--   - that a late report exhausted after its period was over;
--   - that reset more than 31 days ago;
--   - whose subject's requests cannot pass all the same: see subject_denial.
-- Called when periods are closed, under the organization's lock and with counters rolled to p_now. Returns for how many budgets it
-- queued a notice.
create or replace function raise_reset_notices(p_organization_id uuid, p_budget_limit_ids uuid[], p_now timestamptz)
returns integer
language sql volatile
as $$
  with over as materialized (
    select a.id as alert_id
    from counters c
    left join policy_groups g on c.subject_type = 'POLICY' and g.organization_id = c.organization_id and g.id = c.subject_id
    left join policies y on y.organization_id = g.organization_id and y.id = g.policy_id
    join lateral (
      select p.period_number, p.period_end, p.generation from budget_periods p
      where p.organization_id = c.organization_id and p.counter_id = c.id and p.exhaustion_alerted
      order by p.period_number desc limit 1
    ) e on e.generation = c.generation and e.period_end <= p_now and e.period_end > p_now - interval '31 days'
    join lateral (
      select s.id, s.raised_at, s.reset_notified_at from alerts s
      where s.organization_id = c.organization_id and s.budget_limit_id = c.limit_id
        and s.subject_id = case c.subject_type when 'POLICY' then coalesce(y.workspace_id, y.organization_id) else c.subject_id end
        and (s.counter_id is null or s.counter_id = c.id)
        and s.period_number = e.period_number and s.kind = 'EXHAUSTED'
      order by s.id desc limit 1
    ) a on a.reset_notified_at is null and a.raised_at < e.period_end
    where c.organization_id = p_organization_id and c.limit_id = any (p_budget_limit_ids) and c.kind = 'BUDGET'
      and not c.exhaustion_alerted and c.used_units < c.max_units and c.unenforced is distinct from 'DISABLED'
      and subject_denial(c.organization_id, case c.subject_type when 'WORKSPACE' then c.subject_id when 'POLICY' then y.workspace_id end,
        case c.subject_type when 'API_KEY' then c.subject_id end, p_now) is null
  ), marked as (
    update alerts a set reset_notified_at = p_now
    from over o
    where a.organization_id = p_organization_id and a.id = o.alert_id and a.reset_notified_at is null
    returning a.id
  ), queued as (
    insert into alert_deliveries (organization_id, alert_id, purpose, address, email, queued_at, next_attempt_at)
    select p_organization_id, m.id, 'RESET', fold_case(r.email), r.email, p_now, p_now
    from marked m
    cross join lateral hearers_of(p_organization_id, m.id) r (email)
    returning alert_id
  )
  select count(*)::integer from (select distinct q.alert_id from queued q) a
$$;
