-- unenforced_of returns why a limit refuses nothing, as its counters have it: itself or its policy is in SHADOW, or it is not enabled; null for one that is enforced.
create or replace function unenforced_of(p_limit limits) returns unenforced_mode
language sql immutable parallel safe
as $$
  select case
    when not p_limit.enabled then 'DISABLED'::unenforced_mode
    when p_limit.mode = 'SHADOW' or p_limit.policy_mode = 'SHADOW' then 'SHADOW'::unenforced_mode
  end
$$;
