-- return_leases gives back what leases hold, their requests, too, in the periods and windows that granted them: all but what is to be kept for requests that
-- were handed out and are not recorded yet. A lease that keeps nothing is RELEASED. One that keeps something goes on for p_ttl_seconds from now, or
-- as long as its organization lets leases last, also beyond the window in which it was granted; 0 leaves its expiry as it is. Returning one that is closed
-- already changes nothing and returns its state. A zero organization id means any (the operator's). Answers NOT_FOUND for an unknown one, and for a
-- reservation. p_now is null in production: the database's clock, read after the locks. Settings: see reserve_usage.
create or replace function return_leases(
  p_organization_ids uuid[], p_lease_ids uuid[], p_keep_requests bigint[], p_keep_tokens bigint[], p_keep_cost_nanos bigint[],
  p_ttl_seconds integer[], p_now timestamptz default null)
returns setof usage_answers
language plpgsql volatile security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  returned_at timestamptz;
  lease reservations;
  answer usage_answers;
begin
  if p_now is not null then
    perform refuse_instant();
  end if;
  -- an organization that is named is locked whatever it has: while it is moved, a lease may be missing that exists
  perform lock_organizations(array(
    select coalesce(nullif(q.organization_id, none), ( -- one look-up a lease: a join could read them all
      select r.organization_id from reservations r where r.id = q.lease_id limit 1))
    from unnest(p_organization_ids, p_lease_ids) q (organization_id, lease_id)));
  returned_at := coalesce(p_now, clock_timestamp());

  for i in 1 .. cardinality(p_lease_ids) loop
    answer := null;
    answer.ordinal := i;
    answer.replayed := false;
    answer.allowed := true;
    answer.decided_at := returned_at;
    answer.denials := '[]';
    answer.limits := '[]';
    select * into lease from reservations r
    where r.id = p_lease_ids[i] and p_organization_ids[i] in (none, r.organization_id) and r.leased is not null;
    if lease.id is null then
      answer.error := 'NOT_FOUND';
    else
      if lease.status = 'HELD' and not is_held(lease, returned_at) then
        lease := close_reservation(lease, 'EXPIRED', returned_at);
      elsif lease.status = 'HELD' then
        lease := shrink_lease(lease, p_keep_requests[i], p_keep_tokens[i], p_keep_cost_nanos[i], p_ttl_seconds[i], returned_at);
      end if;
      answer.api_key_id := lease.api_key_id;
      answer.reservation_id := lease.id;
      answer.reservation := reservation_json(lease, returned_at);
    end if;
    return next answer;
  end loop;
end
$$;
