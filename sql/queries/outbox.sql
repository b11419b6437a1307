-- KeepMail stores a mail instead of sending it, once for each idempotency key. Returns its id.
-- name: KeepMail :one
insert into outbox_mails as m (idempotency_key, recipient, subject, html, text)
values (@idempotency_key, @recipient, @subject, @html, @text)
on conflict (idempotency_key) do update set recipient = m.recipient
returning m.id;

-- ListMails returns stored mails before a keyset cursor (null: from the newest), newest first.
-- name: ListMails :many
select * from outbox_mails m
where (sqlc.narg('before')::uuid is null or m.id < sqlc.narg('before'))
order by m.id desc limit @number;

-- FindMail returns a stored mail.
-- name: FindMail :one
select * from outbox_mails m where m.id = @id;
