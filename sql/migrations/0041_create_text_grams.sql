-- +goose Up

-- text_grams returns the grams of a text, by which an index finds texts that contain another one: its pairs of characters and its sequences of
-- three, each once. A text of one character has none. The extension pg_trgm has sequences of three alone, of letters and digits alone, and
-- is not installed everywhere. Indexes depend on this function: with another text, they are made again. It calls built-in
-- functions alone, because a restore builds indexes without a search path, and is defined here and not under functions/ because indexes
-- need it.
-- +goose StatementBegin
create function text_grams(p_text text) returns text[]
language sql immutable strict parallel safe
as $$
  select array(
    select distinct (substr(p_text, i, n) collate "C")
    from generate_series(1, char_length(p_text)) i, generate_series(2, 3) n
    where i + n <= char_length(p_text) + 1)
$$;
-- +goose StatementEnd
