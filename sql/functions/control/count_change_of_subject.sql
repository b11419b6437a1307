-- count_change_of_subject is the trigger that counts, for an API key, a workspace, an organization or a policy, the changes of what stands on
-- it: limits, added recipients, quotas, conditions and amounts of groups. Whoever saves a form is told so that somebody else has changed one of these meanwhile. It counts
-- once for each transaction and subject: see version_after. A limit's generation is left out: a reset changes no definition.
--
-- Runs as the owner: servers may not set versions. The organization is locked before, by whoever changes these rows.
create or replace function count_change_of_subject() returns trigger
language plpgsql security definer
set search_path from current
as $$
declare
  undefined constant text[] := array['generation', 'generation_started_at'];
  changes jsonb[];
  organization_ids uuid[];
  api_key_ids uuid[];
  workspace_ids uuid[];
  actor constant text := coalesce(nullif(current_setting('bursar.actor', true), ''), 'sql:' || session_user);
begin
  if tg_op = 'UPDATE' then
    changes := array(
      (select to_jsonb(t) - undefined from touched t except select to_jsonb(r) - undefined from replaced r)
      union
      (select to_jsonb(r) - undefined from replaced r except select to_jsonb(t) - undefined from touched t));
  else
    changes := array(select to_jsonb(t) from touched t);
  end if;
  -- ids in arrays: a join could read the changes once for each row of the table, after an import for thousands
  organization_ids := array(select distinct (c.change ->> 'organization_id')::uuid from unnest(changes) c (change));
  api_key_ids := array(
    select distinct (c.change ->> 'api_key_id')::uuid from unnest(changes) c (change) where c.change ->> 'api_key_id' is not null);
  workspace_ids := array(
    select distinct (c.change ->> 'workspace_id')::uuid from unnest(changes) c (change) where c.change ->> 'workspace_id' is not null);
  update api_keys k set
    version = version_after(k.version, k.version_transaction_id, coalesce(k.updated_at, k.created_at)),
    version_transaction_id = pg_current_xact_id()::text::bigint, updated_at = clock_timestamp(), updated_by = actor
  where k.organization_id = any (organization_ids) and k.id = any (api_key_ids);
  update workspaces w set
    version = version_after(w.version, w.version_transaction_id, coalesce(w.updated_at, w.created_at)),
    version_transaction_id = pg_current_xact_id()::text::bigint, updated_at = clock_timestamp(), updated_by = actor
  where w.organization_id = any (organization_ids) and w.id = any (workspace_ids);
  update organizations o set
    version = version_after(o.version, o.version_transaction_id, coalesce(o.updated_at, o.created_at)),
    version_transaction_id = pg_current_xact_id()::text::bigint, updated_at = clock_timestamp(), updated_by = actor
  where o.id in (
    select (c.change ->> 'organization_id')::uuid from unnest(changes) c (change)
    where c.change ->> 'api_key_id' is null and c.change ->> 'workspace_id' is null and c.change ->> 'policy_id' is null);
  update policies p set
    version = version_after(p.version, p.version_transaction_id, coalesce(p.updated_at, p.created_at)),
    version_transaction_id = pg_current_xact_id()::text::bigint, updated_at = clock_timestamp(), updated_by = actor
  from (
    select distinct (c.change ->> 'organization_id')::uuid as organization_id, (c.change ->> 'policy_id')::uuid as id
    from unnest(changes) c (change)) s
  where p.organization_id = s.organization_id and p.id = s.id;
  return null;
end
$$;

create or replace trigger limits_subject_insert after insert on limits referencing new table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger limits_subject_update after update on limits referencing new table as touched old table as replaced
  for each statement execute function count_change_of_subject();
create or replace trigger limits_subject_delete after delete on limits referencing old table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger recipients_subject_insert after insert on recipients referencing new table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger recipients_subject_update after update on recipients referencing new table as touched old table as replaced
  for each statement execute function count_change_of_subject();
create or replace trigger recipients_subject_delete after delete on recipients referencing old table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger organization_quotas_subject_insert after insert on organization_quotas referencing new table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger organization_quotas_subject_update after update on organization_quotas
  referencing new table as touched old table as replaced
  for each statement execute function count_change_of_subject();
create or replace trigger organization_quotas_subject_delete after delete on organization_quotas referencing old table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger policy_conditions_subject_insert after insert on policy_conditions referencing new table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger policy_conditions_subject_update after update on policy_conditions referencing new table as touched old table as replaced
  for each statement execute function count_change_of_subject();
create or replace trigger policy_conditions_subject_delete after delete on policy_conditions referencing old table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger policy_overrides_subject_insert after insert on policy_overrides referencing new table as touched
  for each statement execute function count_change_of_subject();
create or replace trigger policy_overrides_subject_update after update on policy_overrides referencing new table as touched old table as replaced
  for each statement execute function count_change_of_subject();
create or replace trigger policy_overrides_subject_delete after delete on policy_overrides referencing old table as touched
  for each statement execute function count_change_of_subject();
