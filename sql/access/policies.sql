-- Row-level security: a server sees of each table the rows of the organization that its transaction has named, whatever a
-- statement asks for. The owner, as whom jobs and the functions of enforcement run, sees all.

-- current_organization returns whose rows this transaction is about, from its setting bursar.organization; null without it.
create or replace function current_organization() returns uuid
language sql stable parallel safe
as $$
  select nullif(current_setting('bursar.organization', true), '')::uuid
$$;

-- presented_token_hash returns the hash of the access token that somebody presents, from the setting bursar.access_token_hash.
create or replace function presented_token_hash() returns bytea
language sql stable parallel safe
as $$
  select decode(current_setting('bursar.access_token_hash', true), 'hex')
$$;

-- presented_email returns the address of the person who signs in, in lower case, from the setting bursar.email.
create or replace function presented_email() returns text
language sql stable parallel safe
as $$
  select lower(current_setting('bursar.email', true))
$$;

-- Every table with an organization gets its policies, a new one with the migration that makes it, and one that somebody opened
-- is closed again. In a policy the function
-- stands in a subquery, so that it is called once a statement and not once a row. The operator's says true, which the planner
-- forgets: a condition that is not leakproof could not use an index behind any other. Of partitions a server has nothing to
-- see but through their table.
do $$
declare
  tenant record;
begin
  for tenant in
    select c.relname as name, a.attname as key,
      exists (select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_organization_policy') as has_policies,
      c.relrowsecurity as closed
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  loop
    if not tenant.closed then
      execute format('alter table %I enable row level security', tenant.name);
    end if;
    continue when tenant.has_policies;
    execute format('create policy %I on %I to bursar_server using (%I = (select current_organization()))',
      tenant.name || '_organization_policy', tenant.name, tenant.key);
    execute format('create policy %I on %I to bursar_operator using (true)', tenant.name || '_operator_policy', tenant.name);
  end loop;

  -- an error of a job may name any organization
  if not exists (select from pg_policy p where p.polrelid = 'jobs'::regclass) then
    alter table jobs enable row level security;
    create policy jobs_operator_policy on jobs to bursar_operator using (true);
  end if;
  -- Whoever presents a token finds it and the member that it is bound to; whoever signs in with an address finds the members
  -- with it and their organizations.
  if not exists (select from pg_policy p where p.polname = 'access_tokens_authenticator_policy' and p.polrelid = 'access_tokens'::regclass) then
    create policy access_tokens_authenticator_policy on access_tokens to bursar_authenticator
      using (token_hash = (select presented_token_hash()));
    create policy members_authenticator_policy on members to bursar_authenticator
      using (lower(email) = (select presented_email())
        or id = (select t.member_id from access_tokens t where t.token_hash = (select presented_token_hash()) limit 1));
    create policy organizations_authenticator_policy on organizations to bursar_authenticator
      using (id in (select m.organization_id from members m where lower(m.email) = (select presented_email())));
  end if;
end
$$;
