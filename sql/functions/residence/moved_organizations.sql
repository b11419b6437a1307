-- moved_organizations returns the organizations that are not HERE (see set_residence), of which there are few: an index has these alone. Jobs
-- leave their rows alone.
create or replace function moved_organizations() returns uuid[]
language sql stable
as $$
  select array(select o.id from organizations o where o.residence <> 'HERE')
$$;
