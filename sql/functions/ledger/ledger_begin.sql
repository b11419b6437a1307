-- ledger_begin returns the instant from which on the ledger is complete: the end of the last month that was dropped past its
-- retention, -infinity when none was. Earlier usage is in the roll-ups alone. Statements call it in a subquery, (select
-- ledger_begin()), so that it is not called for each row.
create or replace function ledger_begin() returns timestamptz
language sql stable
as $$
  select coalesce(period_end('MONTHLY', (select max(m.month) from dropped_usage_months m)), '-infinity')
$$;
