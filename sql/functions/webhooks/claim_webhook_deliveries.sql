-- claim_webhook_deliveries claims what is due, at most p_number, for a worker that sends it within the lease, and counts the attempt. Each
-- webhook gets one at a time, the one that has waited longest, so that a slow target delays itself alone; organizations take turns, and none
-- has more than p_per_organization under way. Those that are not HERE wait; what is claimed already is sent, and its outcome stored. A claim that has expired belongs to a worker that was killed: it is claimed again.
create or replace function claim_webhook_deliveries(p_number integer, p_per_organization integer, p_lease interval)
returns setof webhook_deliveries
language sql volatile
as $$
  with busy as materialized (
    select d.organization_id, d.webhook_id from webhook_deliveries d where d.status = 'QUEUED' and d.claimed_until > clock_timestamp()
  ), first as (
    select distinct on (d.organization_id, d.webhook_id) d.organization_id, d.webhook_id, d.id, d.next_attempt_at
    from webhook_deliveries d
    where d.status = 'QUEUED' and d.next_attempt_at <= clock_timestamp() and d.organization_id <> all ((select moved_organizations())::uuid[])
      and (d.claimed_until is null or d.claimed_until <= clock_timestamp())
      and not exists (select from busy b where b.organization_id = d.organization_id and b.webhook_id = d.webhook_id)
    order by d.organization_id, d.webhook_id, d.next_attempt_at, d.id
  ), turns as (
    select f.*, row_number() over (partition by f.organization_id order by f.next_attempt_at, f.id)
      + (select count(*) from busy b where b.organization_id = f.organization_id) as turn
    from first f
  ), due as materialized (
    select d.organization_id, d.id
    from (select * from turns t where t.turn <= p_per_organization order by t.turn, t.next_attempt_at limit p_number) t
    join webhook_deliveries d on d.organization_id = t.organization_id and d.id = t.id
    join organizations o on o.id = t.organization_id and o.residence = 'HERE' -- read again once it is locked: see hold_residence
    where d.status = 'QUEUED' and (d.claimed_until is null or d.claimed_until <= clock_timestamp())
    for update of d skip locked for key share of o
  )
  update webhook_deliveries d set
    attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, clock_timestamp()),
    claimed_until = clock_timestamp() + p_lease
  from due
  where d.organization_id = due.organization_id and d.id = due.id
  returning d.*
$$;
