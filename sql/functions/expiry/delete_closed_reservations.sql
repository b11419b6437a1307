-- delete_closed_reservations deletes reservations that were closed longer than p_keep ago, at most p_limit of them. Their requests
-- in the current window of a rate limit are added to dropped_charges. A reservation that another transaction has locked, as to
-- settle it late, is skipped. They are found by id: a reservation was admitted before it was closed, and its UUID of version 7
-- begins with that time. Organizations that are not HERE keep theirs. Returns how many it deleted.
create or replace function delete_closed_reservations(p_keep interval, p_limit integer) returns bigint
language sql volatile
as $$
  with over as materialized (
    select r.organization_id, r.id from reservations r
    where r.id < (uuid_v7_prefix(clock_timestamp() - p_keep) || repeat('0', 19))::uuid
      and r.closed_at < clock_timestamp() - p_keep and r.organization_id <> all ((select moved_organizations())::uuid[])
    order by r.id limit p_limit
    for update skip locked
  ), deleted as (
    delete from reservations r using over o where r.organization_id = o.organization_id and r.id = o.id
    returning r.organization_id, case when r.leased is null then r.requests else 0 end as requests, r.counter_ids, r.period_numbers
  ), carried as (
    insert into dropped_charges as d (organization_id, counter_id, period_number, requests, tokens, cost_nanos)
    select c.organization_id, c.id, c.period_number, sum(r.requests), 0, 0
    from deleted r
    cross join unnest(r.counter_ids, r.period_numbers) q (counter_id, period_number)
    join counters c on c.organization_id = r.organization_id and c.id = q.counter_id and c.period_number = q.period_number
    where c.kind = 'RATE' and c.type = 'REQUESTS'
    group by 1, 2, 3
    on conflict (organization_id, counter_id, period_number) do update set requests = d.requests + excluded.requests
  )
  select count(*) from deleted
$$;
