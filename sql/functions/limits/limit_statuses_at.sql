-- limit_statuses_at returns every limit as it stands at an instant, reading counters only: a period that is over counts as
-- empty although nobody has rolled it yet, and holds past their expiry are left out although nobody has swept them. An instant
-- before the stored period never reopens an older one. p_due false says that
-- no reservation is past its expiry (see has_expired_holds), which saves one look-up for each limit.
create or replace function limit_statuses_at(p_now timestamptz, p_due boolean default true) returns setof limit_statuses
language sql stable
as $$
  select
    c.organization_id,
    c.limit_id,
    c.subject_type,
    c.subject_id,
    c.kind,
    c.type,
    c.period,
    c.max_units,
    c.alert_units,
    case when p_now >= c.period_end then 0 else c.used_units end,
    case
      when p_now >= c.period_end or c.reserved_units = 0 then 0
      when p_due then c.reserved_units - expired_units(c, p_now)
      else c.reserved_units
    end::bigint,
    c.generation,
    c.period_number,
    case when p_now >= c.period_end then period_start(c.period, p_now) else c.period_start end,
    case when p_now >= c.period_end then period_end(c.period, p_now) else c.period_end end,
    c.id
  from counters c
$$;
