-- ledger_begin returns the instant from which on the ledger is whole: the end of the last month that was dropped past its
-- retention, -infinity when none was. What lies before it is in the roll-ups alone. Statements ask (select ledger_begin()),
-- or it is called for each of their rows.
create or replace function ledger_begin() returns timestamptz
language sql stable
as $$
  select coalesce(period_end('MONTHLY', (select max(m.month) from dropped_usage_months m)), '-infinity')
$$;
