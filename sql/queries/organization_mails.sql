-- DelayMails lets deliveries that are due wait for the next hour, in organizations that have had as many mails in this one as
-- MAILS_PER_HOUR allows, and notes that they are to be merged then. The caller holds the throttle's lock. Workers call it before
-- ListDueDeliveries.
-- name: DelayMails :exec
with full_hours as materialized (
  select m.organization_id, m.hour_start + interval '1 hour' as ends_at, quota_of(m.organization_id, 'MAILS_PER_HOUR') as quota
  from organization_mails m
  where m.hour_start > clock_timestamp() - interval '1 hour' and m.mails >= quota_of(m.organization_id, 'MAILS_PER_HOUR')
    and m.organization_id <> all ((select moved_organizations())::uuid[])
), delayed as (
  update alert_deliveries d set
    next_attempt_at = f.ends_at,
    last_error = 'delayed: the organization has had its ' || f.quota || ' mails of this hour; it goes out with the next, in a digest'
  from full_hours f
  where d.organization_id = f.organization_id and d.status = 'QUEUED' and d.mail_id is null and d.next_attempt_at <= clock_timestamp()
  returning d.organization_id, f.ends_at
)
update organization_mails m set merge_until = d.ends_at
from (select distinct delayed.organization_id, delayed.ends_at from delayed) d
where m.organization_id = d.organization_id;

-- CountMails notes that organizations had their turn, in the order of the numbers in turns, each with a number of mails (0: nothing that
-- was due could be sent). An hour begins with the first mail after the hour before. The caller holds the throttle's lock, and has
-- sorted the ids.
-- name: CountMails :exec
insert into organization_mails as m (organization_id, hour_start, mails, last_turn_at)
select (@organization_ids::uuid[])[c.i], n.now, (@mails::integer[])[c.i], n.now + (@turns::integer[])[c.i] * interval '1 microsecond'
from generate_subscripts(@organization_ids::uuid[], 1) c (i)
cross join (select clock_timestamp() as now) n
on conflict (organization_id) do update set
  hour_start = case when m.hour_start > excluded.hour_start - interval '1 hour' then m.hour_start else excluded.hour_start end,
  mails = case when m.hour_start > excluded.hour_start - interval '1 hour' then m.mails else 0 end + excluded.mails,
  last_turn_at = excluded.last_turn_at;
