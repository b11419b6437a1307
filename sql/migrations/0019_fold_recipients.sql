-- +goose Up

-- An address is kept as fold_case makes it. A trigger does that, because the expression of a generated column cannot be replaced without
-- writing the table anew. The function and the trigger are those of functions/alerts/fold_recipient.sql: they are made here as well so
-- that servers can add recipients from this transaction on.
-- +goose StatementBegin
create function fold_recipient() returns trigger
language plpgsql
as $$
begin
  new.address := fold_case(new.email);
  return new;
end
$$;
-- +goose StatementEnd
alter table recipients alter column address drop expression;
create trigger recipients_address before insert or update of email, address on recipients
  for each row execute function fold_recipient();
comment on column recipients.address is 'The e-mail address as fold_case makes it: two that differ in case are one recipient. Kept by the trigger recipients_address.';

-- Recipients of one subject that differ in case alone are one: the oldest stays.
-- +goose StatementBegin
do $$
begin
  perform set_config('bursar.action', 'merge recipients', true);
  perform set_config('bursar.reason', 'their addresses differ in case alone', true);
  delete from recipients r
  using recipients o
  where o.organization_id = r.organization_id and o.subject_id = r.subject_id and o.address <> r.address
    and fold_case(o.email) = fold_case(r.email) and (o.created_at, o.address) < (r.created_at, r.address);
  update recipients r set address = fold_case(r.email) where r.address <> fold_case(r.email);

  -- Addresses that are not written to. Those that servers of release 1 add are folded when they are read.
  perform set_config('bursar.action', 'merge suppressed addresses', true);
  delete from suppressed_addresses s
  using suppressed_addresses o
  where o.organization_id = s.organization_id and o.address <> s.address and fold_case(o.address) = fold_case(s.address)
    and (o.suppressed_at, o.address) < (s.suppressed_at, s.address);
  update suppressed_addresses s set address = fold_case(s.address) where s.address <> fold_case(s.address);

  -- Mail that waits: each address gets an alert once.
  delete from alert_deliveries d
  using alert_deliveries o
  where d.status = 'QUEUED' and d.mail_id is null and d.address <> fold_case(d.address)
    and o.organization_id = d.organization_id and o.alert_id = d.alert_id and o.purpose = d.purpose and o.address <> d.address
    and fold_case(o.address) = fold_case(d.address)
    and (o.status <> 'QUEUED' or o.mail_id is not null or o.address = fold_case(o.address) or o.address < d.address);
  update alert_deliveries d set address = fold_case(d.address)
  where d.status = 'QUEUED' and d.mail_id is null and d.address <> fold_case(d.address);
end
$$;
-- +goose StatementEnd
