-- limit_statuses_at is enforced_limits_at, for servers of release 1. Functions of release 1 that change limits end with what it returns, also those that
-- the upgrade replaces while they run.
create or replace function limit_statuses_at(p_now timestamptz, p_has_expired_holds boolean default true)
returns setof limit_statuses
language sql stable
as $$
  select s.organization_id, s.id, s.subject_type, s.subject_id, s.kind, s.type, s.period, s.max_units, s.alert_units, s.used_units,
    s.reserved_units, s.generation, s.period_number, s.period_start, s.period_end, s.counter_id
  from enforced_limits_at(p_now, p_has_expired_holds) s
$$;
