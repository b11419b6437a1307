-- raises_left returns those raises that are in force at an instant; null where there is none. p_of_period false leaves out those that end with the
-- period.
create or replace function raises_left(p_raises budget_raise[], p_now timestamptz, p_of_period boolean default true) returns budget_raise[]
language plpgsql immutable parallel safe
as $$
declare
  left_raises budget_raise[];
  granted budget_raise;
begin
  if p_raises is null then
    return null;
  end if;
  foreach granted in array p_raises loop
    if (granted.until is null or granted.until > p_now) and (p_of_period or not granted.of_period) then
      left_raises := left_raises || granted;
    end if;
  end loop;
  return left_raises;
end
$$;
