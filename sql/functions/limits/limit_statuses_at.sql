-- limit_statuses_at returns every limit as it stands at an instant, reading only: a period that is over counts as empty
-- although nobody has rolled it yet, and holds past their expiry are left out although nobody has swept them. An instant
-- before the stored period never reopens an older one. p_due false says that
-- no reservation is due (see reservations_due), which spares a look-up a limit.
create or replace function limit_statuses_at(p_now timestamptz, p_due boolean default true) returns setof limit_statuses
language sql stable
as $$
  select
    l.organization_id,
    l.id,
    case
      when l.api_key_id is not null then 'API_KEY'
      when l.workspace_id is not null then 'WORKSPACE'
      else 'ORGANIZATION'
    end::subject_type,
    l.subject_id,
    l.kind,
    l.type,
    l.period,
    l.max_units,
    l.alert_units,
    case when p_now >= l.period_end then 0 else l.used_units end,
    case
      when p_now >= l.period_end or l.reserved_units = 0 then 0
      when p_due then l.reserved_units - expired_units(l, p_now)
      else l.reserved_units
    end::bigint,
    l.generation,
    l.period_number,
    case when p_now >= l.period_end then period_start(l.period, p_now) else l.period_start end,
    case when p_now >= l.period_end then period_end(l.period, p_now) else l.period_end end
  from limits l
$$;
