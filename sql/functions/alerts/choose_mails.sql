-- choose_mails returns the mails that go out next, at most p_number, in their order: from the organizations that have deliveries due in
-- turn, beginning with those whose last turn is longest ago. So mail of an organization waits for one mail of each other one at most,
-- however many those have due. Within an organization the mail that has been due longest comes first. An organization has no more
-- than what is left of its MAILS_PER_HOUR.
--
-- A mail is about one budget and for one address. When an address waits for alerts of policies, of which there may be one for each group, or when deliveries of an organization have waited because of MAILS_PER_HOUR, its mails
-- are digests instead: each has all that waits for one address, and budget_limit_id is null.
--
-- It reads the first waiting delivery of each organization, and of at most p_number organizations those that are due, about
-- ten times as many in all as mails are asked for. Its caller holds the lock of mail_pace, and has called DelayMails: an organization that has
-- used up its quota has nothing due. Those that are not HERE have no turn.
create or replace function choose_mails(p_number integer) returns setof chosen_mails
language sql volatile
as $$
  with recursive heads as (
    (select d.organization_id, d.next_attempt_at from alert_deliveries d
     where d.status = 'QUEUED' and d.mail_id is null
     order by d.organization_id, d.next_attempt_at limit 1)
    union all
    select n.organization_id, n.next_attempt_at from heads h
    cross join lateral (
      select d.organization_id, d.next_attempt_at from alert_deliveries d
      where d.status = 'QUEUED' and d.mail_id is null and d.organization_id > h.organization_id
      order by d.organization_id, d.next_attempt_at limit 1
    ) n
  ), chosen as materialized (
    select h.organization_id, h.next_attempt_at <= m.merge_until as merged, count(*) over () as organizations,
      case when m.hour_start > clock_timestamp() - interval '1 hour' then m.mails else 0 end as mails,
      row_number() over (order by m.last_turn_at nulls first, h.next_attempt_at, h.organization_id) as turn
    from heads h
    left join organization_mails m on m.organization_id = h.organization_id
    where h.next_attempt_at <= clock_timestamp() and h.organization_id <> all ((select moved_organizations())::uuid[])
    order by turn limit p_number
  ), mails as (
    select c.turn, c.organization_id, g.*
    from chosen c
    cross join lateral (
      select d.address, d.budget_limit_id, d.subject_id,
        row_number() over (order by min(d.next_attempt_at), d.address, d.budget_limit_id) as number
      from (
        select d.address, d.next_attempt_at, case when not d.merged then d.budget_limit_id end as budget_limit_id,
          case when not d.merged then d.subject_id end as subject_id
        from (
          select d.address, d.next_attempt_at, a.budget_limit_id, a.subject_id,
            c.merged is true or bool_or(a.policy_id is not null) over (partition by d.address) as merged
          from (
            select d.address, d.alert_id, d.next_attempt_at from alert_deliveries d
            where d.organization_id between c.organization_id and c.organization_id -- not =, or the index of all that waits is read
              and d.status = 'QUEUED' and d.mail_id is null and d.next_attempt_at <= clock_timestamp()
            order by d.organization_id, d.next_attempt_at limit 10 * (1 + p_number / least(c.organizations, p_number))
          ) d
          cross join lateral ( -- one look-up for each delivery: a join could read all alerts
            select a.budget_limit_id, a.subject_id, a.policy_id from alerts a
            where a.organization_id = c.organization_id and a.id = d.alert_id offset 0
          ) a
        ) d
      ) d
      group by d.address, d.budget_limit_id, d.subject_id
      order by number limit least(greatest(quota_of(c.organization_id, 'MAILS_PER_HOUR') - c.mails, 0), p_number)
    ) g
  )
  select row_number() over (order by m.number, m.turn)::integer, m.organization_id, m.address, m.budget_limit_id, m.subject_id
  from mails m
  order by m.number, m.turn limit p_number
$$;
