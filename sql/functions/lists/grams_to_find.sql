-- grams_to_find returns the grams that a text must have to contain p_text: of one of three characters or more those of three alone, which fewer
-- texts have. Empty for an empty text.
create or replace function grams_to_find(p_text text) returns text[]
language sql immutable strict parallel safe
as $$
  select array(select g from unnest(text_grams(p_text)) g where char_length(g) = least(3, char_length(p_text)))
$$;
