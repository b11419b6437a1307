-- bound_buckets raises SQLSTATE UB003 (QUERY_TOO_COMPLEX) when a report would have more than p_most buckets; null: no limit. Else
-- true.
create or replace function bound_buckets(p_number bigint, p_most integer) returns boolean
language plpgsql immutable
as $$
begin
  if p_number > p_most then
    raise exception 'the report has % buckets', p_number using errcode = 'UB003';
  end if;
  return true;
end
$$;
