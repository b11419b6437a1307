-- group_values_of returns the values of a group out of a JSON array of texts and nulls; null for null.
create or replace function group_values_of(p_values jsonb) returns text[]
language sql immutable parallel safe
as $$
  select case when p_values is not null then array(
    select v.value from jsonb_array_elements_text(p_values) with ordinality v (value, index) order by v.index) end
$$;
