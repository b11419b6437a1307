-- percentile_of returns the 99th percentile of numbers: the least of them that 99 of 100 do not exceed.
create or replace function percentile_of(p_numbers bigint[]) returns bigint
language sql immutable parallel safe
as $$
  select percentile_disc(0.99) within group (order by n.number) from unnest(p_numbers) n (number)
$$;
