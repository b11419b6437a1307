-- raised_amount_at is amount_at for a budget with raises.
create or replace function raised_amount_at(p_max_units bigint, p_raises budget_raise[], p_now timestamptz) returns bigint
language plpgsql immutable parallel safe
as $$
declare
  amount numeric := p_max_units;
  granted budget_raise;
begin
  foreach granted in array p_raises loop
    if granted.until is null or granted.until > p_now then
      amount := amount + granted.units;
    end if;
  end loop;
  return least(amount, 9223372036854775807);
end
$$;
