-- The policies of row-level security, one row for each. In each table a server sees the rows of the organization that its
-- transaction has named, whatever the statement asks for. Jobs and the functions of enforcement run as the owner, who sees all
-- rows. An upgrade makes a policy that is missing or whose statement has changed, and enables row-level security where it is
-- disabled.
--
-- Every table with an organization gets its policies in the upgrade that makes it. A policy calls the function in a subquery, so
-- that it is called once for each statement and not for each row. The operator's policy is true, which the planner removes: with
-- any other condition, one of the query that is not leakproof could not use an index. Partitions have no policies: a server reads
-- them through their table.
with tenants as (
  select c.relname::text as name, a.attname as key
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition),
policies ("table", name, statement) as (
  select t.name, t.name || '_organization_policy', format(
    'create policy %I on %I to bursar_server using (%I = (select current_organization()))', t.name || '_organization_policy', t.name, t.key)
  from tenants t where t.name <> 'prices'
  union all
  select t.name, t.name || '_operator_policy', format(
    'create policy %I on %I to bursar_operator using (true)', t.name || '_operator_policy', t.name)
  from tenants t
  union all values
  -- an organization reads everybody's prices and its own
  ('prices', 'prices_organization_policy',
    'create policy prices_organization_policy on prices to bursar_server
       using (organization_id is null or organization_id = (select current_organization()))'),
  -- an error of a job may name any organization
  ('jobs', 'jobs_operator_policy', 'create policy jobs_operator_policy on jobs to bursar_operator using (true)'),
  ('workers', 'workers_operator_policy', 'create policy workers_operator_policy on workers to bursar_operator using (true)'),
  ('clock_checks', 'clock_checks_operator_policy',
    'create policy clock_checks_operator_policy on clock_checks to bursar_operator using (true)'),
  ('mail_pace', 'mail_pace_operator_policy', 'create policy mail_pace_operator_policy on mail_pace to bursar_operator using (true)'),
  -- A request that presents a token sees the member that it is bound to; the policy on access_tokens is for servers of release 1. A
  -- person who signs in with an address sees the members with that address and their organizations; those to which they are invited,
  -- and have not accepted, only where invitations are asked for.
  ('access_tokens', 'access_tokens_authenticator_policy',
    'create policy access_tokens_authenticator_policy on access_tokens to bursar_authenticator
       using (token_hash = (select presented_token_hash()))'),
  ('members', 'members_authenticator_policy',
    'create policy members_authenticator_policy on members to bursar_authenticator
       using (fold_case(email) = (select presented_email())
           and (status = ''ACTIVE'' or (select current_setting(''bursar.invitations'', true)) = ''on'')
         or id = (select presented_member()))'),
  ('organizations', 'organizations_authenticator_policy',
    'create policy organizations_authenticator_policy on organizations to bursar_authenticator
       using (id in (select m.organization_id from members m where fold_case(m.email) = (select presented_email())))'))
select p."table", p.name, p.statement, not c.relrowsecurity as open
from policies p
join pg_class c on c.relname = p."table" and c.relnamespace = current_schema()::regnamespace
order by p."table", p.name
