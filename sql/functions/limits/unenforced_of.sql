-- unenforced_of returns why a limit refuses nothing, as its counter has it; null for one that is enforced.
create or replace function unenforced_of(p_limit limits) returns unenforced_mode
language sql immutable parallel safe
as $$
  select case
    when not p_limit.enabled then 'DISABLED'::unenforced_mode
    when p_limit.mode = 'SHADOW' then 'SHADOW'::unenforced_mode
  end
$$;
