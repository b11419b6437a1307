-- external_id returns an id in the API's form: a prefix for the type, an underscore, the UUID's 32 hexadecimal digits.
create or replace function external_id(p_prefix text, p_id uuid) returns text
language sql immutable parallel safe
as $$
  select p_prefix || '_' || replace(p_id::text, '-', '')
$$;
