-- find_missing_partition is what record_usage does when the ledger has no partition for a report: at the first attempt it makes that of the month, at
-- a further one, where it is there and this session does not see it, it has sessions read the list of partitions again.
create or replace function find_missing_partition(p_attempt integer, p_now timestamptz) returns void
language plpgsql volatile
as $$
begin
  if p_attempt = 1 then
    perform create_usage_partitions(0, p_now);
  else
    perform refresh_usage_partitions();
  end if;
end
$$;
