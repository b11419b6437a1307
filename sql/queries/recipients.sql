-- AddRecipients adds addresses to a subject; one that is there already, in whatever case, is passed over. Adding an address
-- is also the word that it can be written to again, whether or not it was there.
-- name: AddRecipients :exec
with lifted as (
  delete from suppressed_addresses s
  where s.organization_id = @organization_id and s.address in (select lower(a.email) from unnest(@emails::text[]) a (email))
)
insert into recipients (organization_id, workspace_id, api_key_id, email)
select @organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), e.email
from unnest(@emails::text[]) e (email)
on conflict do nothing;

-- RemoveRecipients removes addresses, in whatever case, from those that were added to a subject.
-- name: RemoveRecipients :exec
delete from recipients r
where r.organization_id = @organization_id and r.subject_id = @subject_id
  and r.address in (select lower(e.email) from unnest(@emails::text[]) e (email));

-- CountRecipients counts the addresses that were added to a subject.
-- name: CountRecipients :one
select count(*) from recipients r where r.organization_id = @organization_id and r.subject_id = @subject_id;

-- ListRecipients returns who hears of the given subjects' alerts; the arrays name each subject beside its organization.
-- name: ListRecipients :many
select * from recipients_of(@organization_ids::uuid[], @subject_ids::uuid[]);
