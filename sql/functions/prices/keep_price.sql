-- keep_price is the trigger that keeps the history of prices and multipliers: nothing of a row changes but its end, which may be set
-- and come nearer.
create or replace function keep_price() returns trigger
language plpgsql
as $$
begin
  if to_jsonb(new) - 'effective_to' <> to_jsonb(old) - 'effective_to' or new.effective_to is null
    or new.effective_to > old.effective_to then
    raise exception 'keep_price: the history of % is not rewritten', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

create or replace trigger prices_keep before update on prices for each row execute function keep_price();
create or replace trigger price_multipliers_keep before update on price_multipliers for each row execute function keep_price();
