-- uuid_v7_prefix returns the first 13 hexadecimal digits of a UUID of version 7 of an instant: its milliseconds and the version.
-- The other digits are random: (prefix || substr(gen_random_uuid()::text, 16))::uuid, which costs a third of uuid_v7. It is
-- stable, as extract is: PostgreSQL does not inline a function that is declared immutable when its body is not.
create or replace function uuid_v7_prefix(p_at timestamptz) returns text
language sql stable parallel safe
as $$
  select lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7'
$$;
