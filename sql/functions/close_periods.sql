-- close_periods rolls the budgets of an organization whose period is over and closes every ended period that is still
-- open, so that history shows it. It decides nothing: decisions roll by themselves. Running it again closes nothing more.
-- Returns how many periods it closed. p_now is null in production: the database's clock, read after the lock.
create or replace function close_periods(p_organization_id uuid, p_now timestamptz default null) returns integer
language plpgsql volatile
as $$
declare
  closing_at timestamptz;
  closed integer;
begin
  perform lock_organizations(array[p_organization_id]);
  closing_at := coalesce(p_now, clock_timestamp());
  perform roll_limits(p_organization_id, array(
    select distinct l.subject_id from limits l
    where l.organization_id = p_organization_id and l.kind = 'BUDGET' and l.period_end <= closing_at), closing_at);
  update budget_periods p set closed_at = closing_at
  where p.organization_id = p_organization_id and p.closed_at is null;
  get diagnostics closed = row_count;
  return closed;
end
$$;
