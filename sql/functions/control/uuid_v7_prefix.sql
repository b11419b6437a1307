-- uuid_v7_prefix returns the first 13 hexadecimal digits of the UUIDs of version 7 of an instant: its milliseconds and the
-- version. The rest is random: (prefix || substr(gen_random_uuid()::text, 16))::uuid, which costs a third of uuid_v7. Stable and
-- not immutable, as extract is: PostgreSQL inlines no function that claims more than its body does.
create or replace function uuid_v7_prefix(p_at timestamptz) returns text
language sql stable parallel safe
as $$
  select lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7'
$$;
