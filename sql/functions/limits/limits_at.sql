-- limits_at is enforced_limits_at with the version of each limit and when it was changed last, or created, and with the thresholds as they were set: those in
-- percent are in alert_percents, and not in alert_units. It is for people, who change
-- limits; enforcement reads counters alone. Limits of policies are not among them: what is used of these is used of their groups.
create or replace function limits_at(p_now timestamptz) returns setof limit_details
language sql stable
as $$
  select s.organization_id, s.id, s.subject_type, s.subject_id, s.kind, s.type, s.period, s.max_units, l.alert_units, s.used_units,
    s.reserved_units, s.generation, s.period_number, s.period_start, s.period_end, s.counter_id, l.version,
    coalesce(l.defined_at, l.created_at), s.calendar, s.raised_units, l.enabled, l.mode, null::jsonb, l.alert_percents, l.alert_recipients
  from enforced_limits_at(p_now) s
  join limits l on l.organization_id = s.organization_id and l.id = s.id and l.policy_id is null
$$;
