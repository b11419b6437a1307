-- keep_quotas is the trigger that refuses additions beyond an organization's quotas, by whoever makes them, even by plain SQL. It counts
-- once for each statement and organization, after all of the statement's rows were added. An organization that has more than
-- its quota allows keeps it. A server counts what it sees: all rows of its organization.
create or replace function keep_quotas() returns trigger
language plpgsql
as $$
declare
  grown record;
begin
  case tg_table_name
    when 'members' then
      for grown in
        select a.organization_id, bool_or(a.role in ('OWNER', 'ADMIN')) as administered from added a group by a.organization_id order by 1
      loop
        perform require_quota(grown.organization_id, 'MEMBERS');
        if grown.administered then
          perform require_quota(grown.organization_id, 'ADMINISTRATORS');
        end if;
      end loop;
    when 'workspaces' then
      for grown in select distinct a.organization_id from added a where a.deleted_at is null order by 1 loop
        perform require_quota(grown.organization_id, 'WORKSPACES');
      end loop;
    when 'api_keys' then
      for grown in select distinct a.organization_id from added a where a.revoked_at is null order by 1 loop
        perform require_quota(grown.organization_id, 'API_KEYS');
      end loop;
    when 'access_tokens' then
      for grown in select distinct a.organization_id from added a where a.revoked_at is null order by 1 loop
        perform require_quota(grown.organization_id, 'ACCESS_TOKENS');
      end loop;
    when 'limits' then
      for grown in select distinct a.organization_id, a.subject_id from added a order by 1, 2 loop
        perform require_quota(grown.organization_id, 'LIMITS_PER_SUBJECT', grown.subject_id);
      end loop;
    when 'recipients' then
      for grown in select distinct a.organization_id, a.subject_id from added a order by 1, 2 loop
        perform require_quota(grown.organization_id, 'RECIPIENTS_PER_SUBJECT', grown.subject_id);
      end loop;
    when 'webhooks' then
      for grown in select distinct a.organization_id from added a order by 1 loop
        perform require_quota(grown.organization_id, 'WEBHOOKS');
      end loop;
    when 'policies' then
      for grown in select distinct a.organization_id from added a order by 1 loop
        perform require_quota(grown.organization_id, 'POLICIES');
      end loop;
  end case;
  return null;
end
$$;

create or replace trigger members_quota after insert on members referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger workspaces_quota after insert on workspaces referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger api_keys_quota after insert on api_keys referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger access_tokens_quota after insert on access_tokens referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger limits_quota after insert on limits referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger recipients_quota after insert on recipients referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger policies_quota after insert on policies referencing new table as added
  for each statement execute function keep_quotas();
create or replace trigger webhooks_quota after insert on webhooks referencing new table as added
  for each statement execute function keep_quotas();
