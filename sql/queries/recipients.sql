-- AddRecipients adds addresses to a subject; one that is there already, without regard to case, is skipped. An address that is
-- added is not suppressed any more, even if it was there already.
-- name: AddRecipients :exec
with lifted as (
  delete from suppressed_addresses s
  where s.organization_id = @organization_id and s.address in (select fold_case(a.email) from unnest(@emails::text[]) a (email))
)
insert into recipients (organization_id, workspace_id, api_key_id, email)
select @organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), e.email
from unnest(@emails::text[]) e (email)
on conflict do nothing;

-- RemoveRecipients removes addresses, in whatever case, from those that were added to a subject.
-- name: RemoveRecipients :exec
delete from recipients r
where r.organization_id = @organization_id and r.subject_id = @subject_id
  and r.address in (select fold_case(e.email) from unnest(@emails::text[]) e (email));

-- ListRecipients returns the recipients of the given subjects' alerts, at most a number of them in all; at each index the arrays have a
-- subject and its organization.
-- name: ListRecipients :many
select * from list_recipients(@organization_ids::uuid[], @subject_ids::uuid[], @number::integer);
