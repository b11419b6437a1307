-- expired_holds returns what reservations past their expiry at an instant still hold in the given organizations, because
-- nobody has swept them yet: tokens and nano-dollars of each limit and period. It looks at every one of them.
create or replace function expired_holds(p_organization_ids uuid[], p_now timestamptz)
returns table (limit_id uuid, period_number integer, tokens numeric, cost_nanos numeric)
language sql stable
as $$
  select h.limit_id, h.period_number, sum(r.tokens), sum(r.cost_nanos)
  from (select distinct o.id from unnest(p_organization_ids) o (id)) o
  join lateral (
    select r.* from reservations r
    where r.organization_id = o.id and r.status = 'HELD'
      and r.expires_at > swept_until(o.id, p_now) and r.expires_at <= p_now) r on true
  cross join lateral unnest(r.limit_ids, r.period_numbers) h (limit_id, period_number)
  group by h.limit_id, h.period_number
$$;
