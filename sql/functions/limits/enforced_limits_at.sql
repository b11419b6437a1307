-- enforced_limits_at returns every limit with what is used and reserved of it at an instant, read from counters: what enforcement answers. If
-- the stored period is over (see is_over), the current one is returned, which is empty. Reservations past their expiry are not counted, even
-- if they are not swept yet. An instant before a budget's stored period gives the stored period. p_has_expired_holds false says
-- that no reservation is past its expiry (see has_expired_holds), which saves a look-up for each limit. raised_units is what raises
-- that are in force add to max_units. enabled and mode say why a counter refuses nothing: one that is not enabled is not said to be in SHADOW. A counter without a
-- calendar, as most are, calls no function for it.
alter table enforced_limits add column if not exists calendar jsonb;
alter table enforced_limits add column if not exists raised_units bigint not null;
alter table enforced_limits add column if not exists enabled boolean not null;
alter table enforced_limits add column if not exists mode limit_mode not null;
create or replace function enforced_limits_at(p_now timestamptz, p_has_expired_holds boolean default true)
returns setof enforced_limits
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
    case when is_over(c.kind, c.period_start, c.period_end, p_now) then 0 else c.used_units end,
    case
      when is_over(c.kind, c.period_start, c.period_end, p_now) or c.reserved_units = 0 then 0
      when p_has_expired_holds then c.reserved_units - expired_units(c, p_now)
      else c.reserved_units
    end::bigint,
    c.generation,
    c.period_number,
    case
      when is_over(c.kind, c.period_start, c.period_end, p_now) is not true then c.period_start
      when c.calendar is null then period_start(c.period, p_now)
      else (next_period(c.period, c.calendar, c.period_end, p_now)).period_start
    end,
    case
      when is_over(c.kind, c.period_start, c.period_end, p_now) is not true then c.period_end
      when c.calendar is null then period_end(c.period, p_now)
      else (next_period(c.period, c.calendar, c.period_end, p_now)).period_end
    end,
    c.id,
    case
      when c.calendar is null then null
      when is_over(c.kind, c.period_start, c.period_end, p_now)
        then calendar_json(c.calendar, (next_period(c.period, c.calendar, c.period_end, p_now)).period_end)
      else calendar_json(c.calendar, c.period_end)
    end,
    amount_at(c.max_units, c.raises, p_now) - c.max_units,
    c.unenforced is distinct from 'DISABLED',
    (case when c.unenforced = 'SHADOW' then 'SHADOW' else 'ENFORCE' end)::limit_mode
  from counters c
$$;
