-- limit_statuses_at is enforced_limits_at in the shape of limits_at. What a limit's definition alone has, version and defined_at, is left out: 0
-- and null.
alter table limit_statuses add column if not exists version integer not null;
alter table limit_statuses add column if not exists defined_at timestamptz;
alter table limit_statuses add column if not exists calendar jsonb;
alter table limit_statuses add column if not exists raised_units bigint not null;
alter table limit_statuses add column if not exists enabled boolean not null;
alter table limit_statuses add column if not exists mode limit_mode not null;
create or replace function limit_statuses_at(p_now timestamptz, p_has_expired_holds boolean default true)
returns setof limit_statuses
language sql stable
as $$
  select s.organization_id, s.id, s.subject_type, s.subject_id, s.kind, s.type, s.period, s.max_units, s.alert_units, s.used_units,
    s.reserved_units, s.generation, s.period_number, s.period_start, s.period_end, s.counter_id, 0, null::timestamptz, s.calendar,
    s.raised_units, s.enabled, s.mode
  from enforced_limits_at(p_now, p_has_expired_holds) s
$$;
