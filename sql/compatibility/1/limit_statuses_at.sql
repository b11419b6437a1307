-- limit_statuses_at is enforced_limits_at, for servers of release 1. Functions of release 1 that change limits end with what it returns, also those that
-- the upgrade replaces while they run: they want the columns that limit_statuses had when they began, and not those that it has been given since.
create or replace function limit_statuses_at(p_now timestamptz, p_has_expired_holds boolean default true)
returns setof enforced_limits
language sql stable
as $$
  select * from enforced_limits_at(p_now, p_has_expired_holds)
$$;
