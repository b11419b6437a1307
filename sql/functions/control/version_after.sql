-- version_after returns the version of an organization, a workspace or an API key after a change: one more, unless this transaction has raised it
-- before or has made the thing. p_transaction_id is the transaction that raised it last, and p_changed_at when: a number of another
-- cluster's transaction, which a dump brings along, is from another time.
create or replace function version_after(p_version integer, p_transaction_id bigint, p_changed_at timestamptz) returns integer
language sql stable
as $$
  select case when p_transaction_id = pg_current_xact_id()::text::bigint and p_changed_at >= transaction_timestamp() then p_version
    else p_version + 1 end
$$;
