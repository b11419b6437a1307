-- keep_quota_of_change is the trigger that refuses changes beyond an organization's quotas: a member who becomes an administrator, and
-- what was revoked or deleted and is so no more. Its argument is the quota. It locks the organization as lock_quotas does.
create or replace function keep_quota_of_change() returns trigger
language plpgsql
as $$
begin
  perform lock_organizations(array[new.organization_id]);
  perform require_quota(new.organization_id, tg_argv[0]::quota_name);
  return null;
end
$$;

create or replace trigger members_administrator_quota after update of role on members
  for each row when (old.role = 'MEMBER' and new.role <> 'MEMBER') execute function keep_quota_of_change('ADMINISTRATORS');
create or replace trigger workspaces_restored_quota after update of deleted_at on workspaces
  for each row when (old.deleted_at is not null and new.deleted_at is null) execute function keep_quota_of_change('WORKSPACES');
create or replace trigger api_keys_restored_quota after update of revoked_at on api_keys
  for each row when (old.revoked_at is not null and new.revoked_at is null) execute function keep_quota_of_change('API_KEYS');
create or replace trigger access_tokens_restored_quota after update of revoked_at on access_tokens
  for each row when (old.revoked_at is not null and new.revoked_at is null) execute function keep_quota_of_change('ACCESS_TOKENS');
