-- revoke_orphaned_token is the trigger that revokes an access token in the same update that unbinds it from its member, as when
-- the member is deleted: a bound token never becomes a valid token without a member.
create or replace function revoke_orphaned_token() returns trigger
language plpgsql
as $$
begin
  new.revoked_at := coalesce(new.revoked_at, clock_timestamp());
  return new;
end
$$;

create or replace trigger access_tokens_orphaned before update of member_id on access_tokens
  for each row when (old.member_id is not null and new.member_id is distinct from old.member_id)
  execute function revoke_orphaned_token();
