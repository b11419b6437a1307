-- grams_to_find returns grams that a text must have to contain p_text, so that together they have all of its characters: of one of three characters or
-- more those of three that follow each other, and the last three. Others that overlap them tell little more, and an index would look each up for every
-- text that it finds. Empty for an empty text.
create or replace function grams_to_find(p_text text) returns text[]
language sql immutable strict parallel safe
as $$
  select case
    when p_text = '' then '{}'
    when char_length(p_text) <= 3 then array[p_text collate "C"]
    else array(
      select distinct (substr(p_text, least(i, char_length(p_text) - 2), 3) collate "C") from generate_series(1, char_length(p_text), 3) i) end
$$;
