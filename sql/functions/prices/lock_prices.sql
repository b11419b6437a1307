-- lock_prices orders transactions that write prices, until they end: a price closes the one before, which another one must not do
-- meanwhile. Readers do not wait.
create or replace function lock_prices() returns void
language plpgsql volatile
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(current_schema() || '.prices', 0));
end
$$;
