-- lock_imports lets one import at a time work in this database, until the transaction ends: that of two with the same secrets the second one sees
-- those of the first. It is taken before the lock of an organization.
create or replace function lock_imports() returns void
language sql volatile
as $$
  select pg_advisory_xact_lock(hashtextextended('import of other systems', 0))
$$;
