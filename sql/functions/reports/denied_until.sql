-- denied_until returns up to when a report in buckets of an interval reads an organization's denied requests from denial_days, and from when on from
-- denial_counts: -infinity for a report by the hour, and where the roll-up job has made no days.
create or replace function denied_until(p_organization_id uuid, p_interval usage_interval) returns timestamptz
language sql stable
as $$
  select coalesce((
    select w.denials_until from rollup_watermarks w where w.organization_id = p_organization_id and p_interval <> 'HOUR'), '-infinity')
$$;
