-- group_has_text tells whether one of a group's values has a text, in whatever case; an empty text finds all groups.
create or replace function group_has_text(p_values text[], p_text text) returns boolean
language sql stable parallel safe
as $$
  select p_text = '' or strpos(lower(array_to_string(p_values, E'\n')), lower(p_text)) > 0
$$;
