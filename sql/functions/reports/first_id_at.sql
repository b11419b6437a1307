-- first_id_at returns the first UUID of version 7 of an instant's millisecond, as id.FirstAt does in Go: no id that was made before is
-- greater. An instant before 1970, and one after the year 9999, counts as that.
create or replace function first_id_at(p_at timestamptz) returns uuid
language sql stable parallel safe
as $$
  select (uuid_v7_prefix(least(greatest(p_at, timestamptz '1970-01-01 00:00:00Z'), timestamptz '9999-12-31 00:00:00Z'))
    || '0008000000000000000')::uuid
$$;
