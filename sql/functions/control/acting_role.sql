-- acting_role returns the role that the session acts as: the one that it was set to, else the login. In a function that runs as the
-- owner, current_user is the owner; this is the caller.
create or replace function acting_role() returns name
language sql stable parallel safe
as $$
  select case current_setting('role') when 'none' then session_user else current_setting('role')::name end
$$;
