-- note_maker is the trigger that keeps who makes an access token, a secret of an API key or a webhook: the member and the access token that the
-- transaction's settings bursar.member_id and bursar.token_id name. Null without them, as in plain SQL.
create or replace function note_maker() returns trigger
language plpgsql
as $$
begin
  new.created_by_id := nullif(current_setting('bursar.member_id', true), '')::uuid;
  new.created_by_token_id := nullif(current_setting('bursar.token_id', true), '')::uuid;
  return new;
end
$$;

create or replace trigger access_tokens_maker before insert on access_tokens
  for each row execute function note_maker();
create or replace trigger api_key_secrets_maker before insert on api_key_secrets
  for each row execute function note_maker();
create or replace trigger webhooks_maker before insert on webhooks
  for each row execute function note_maker();
