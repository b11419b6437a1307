-- refuse_instant raises insufficient_privilege unless the session acts as the owner. Functions that servers call and that decide or
-- write at an instant call it when p_now is not null: a server gets the database's clock. Tests, which act as the owner, choose p_now.
create or replace function refuse_instant() returns void
language plpgsql stable
as $$
begin
  if not acts_as_owner() then
    raise exception '% may not choose p_now', acting_role()
      using errcode = 'insufficient_privilege', hint = 'Leave p_now out, or null: the database''s clock.';
  end if;
end
$$;
