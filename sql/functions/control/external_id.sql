-- external_id returns an id as clients know it: a prefix for the type, then the UUID's 32 hexadecimal digits.
create or replace function external_id(p_prefix text, p_id uuid) returns text
language sql immutable parallel safe
as $$
  select p_prefix || '_' || replace(p_id::text, '-', '')
$$;
