-- acts_as_owner tells whether the session acts as the owner of the tables, or as a role that may become the owner.
create or replace function acts_as_owner() returns boolean
language sql stable parallel safe
as $$
  select pg_has_role(acting_role(), c.relowner, 'MEMBER') from pg_class c where c.oid = 'organizations'::regclass
$$;
