-- is_repeated tells whether two reports have the same contents, by their fingerprints. Those of the first release are shorter, as it told less
-- apart: they are compared as far as both go.
create or replace function is_repeated(p_fingerprint bytea, p_other bytea) returns boolean
language sql immutable parallel safe
as $$
  select substr(p_fingerprint, 1, length(p_other)) = substr(p_other, 1, length(p_fingerprint))
$$;
