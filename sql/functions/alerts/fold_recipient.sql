-- fold_recipient is the trigger that sets a recipient's address to what fold_case makes of the e-mail address.
create or replace function fold_recipient() returns trigger
language plpgsql
as $$
begin
  new.address := fold_case(new.email);
  return new;
end
$$;

create or replace trigger recipients_address before insert or update of email, address on recipients
  for each row execute function fold_recipient();
