-- lease_seconds_of returns how long a lease lasts, in seconds: what was asked for, or what the organization allows leases, and what its API keys hold, whichever is
-- least.
create or replace function lease_seconds_of(p_organization organizations, p_ttl_seconds integer) returns integer
language sql immutable parallel safe
as $$
  select least(p_ttl_seconds, p_organization.lease_seconds, p_organization.key_hold_seconds)
$$;
