-- list_recipients returns what recipients_of returns, at most p_number rows. Where owners and admins alone are more than that, it leaves
-- subjects out that would be beyond it, so that what it costs is bounded, too.
create or replace function list_recipients(p_organization_ids uuid[], p_subject_ids uuid[], p_number integer) returns setof subject_recipients
language sql stable
as $$
  select r.* from (
    select coalesce(p_number / nullif(min(o.administrators), 0) + 1, cardinality(p_subject_ids))::integer as needed
    from (
      select (select count(*) from members m where m.organization_id = o.id and m.role in ('OWNER', 'ADMIN') and m.status = 'ACTIVE') as administrators
      from (select distinct unnest(p_organization_ids) as id) o
    ) o
  ) s
  cross join lateral recipients_of(p_organization_ids[1:s.needed], p_subject_ids[1:s.needed]) r
  limit p_number
$$;
