-- ListBarredRecipients returns which of the given addresses may not be added to an organization's subjects, by their index: those
-- outside of the domains that the organization allows, and suppressed ones unless may_lift.
-- name: ListBarredRecipients :many
select (e.number - 1)::integer as index, b.outside::boolean as outside, o.recipient_domains
from unnest(@emails::text[]) with ordinality e (email, number)
join organizations o on o.id = @organization_id
cross join lateral (
  select o.recipient_domains <> '{}' and fold_case(substring(e.email from '[^@]*$')) <> all (o.recipient_domains) as outside,
    exists (
      select from suppressed_addresses s where s.organization_id = o.id and s.address = fold_case(e.email)) as suppressed
) b
where b.outside or b.suppressed and not @may_lift::boolean
order by e.number;

-- ListRecipientsOutside returns recipients that were added to subjects of an organization and are outside of the domains that it
-- allows, at most a number of them, with how many there are in all.
-- name: ListRecipientsOutside :many
select sqlc.embed(r), count(*) over () as total
from recipients r
join organizations o on o.id = r.organization_id
where r.organization_id = @organization_id and o.recipient_domains <> '{}'
  and fold_case(substring(r.email from '[^@]*$')) <> all (o.recipient_domains)
order by r.created_at, r.subject_id, r.address limit @number;

-- AddRecipients adds addresses to a subject; one that is there already, without regard to case, is skipped. An address that is
-- added is not suppressed any more, even if it was there already, unless keep_suppressed.
-- name: AddRecipients :exec
with lifted as (
  delete from suppressed_addresses s
  where not @keep_suppressed::boolean and s.organization_id = @organization_id and s.address in (select fold_case(a.email) from unnest(@emails::text[]) a (email))
)
insert into recipients (organization_id, workspace_id, api_key_id, email)
select @organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), e.email
from unnest(@emails::text[]) e (email)
on conflict do nothing;

-- ListNewRecipients returns those of the given addresses that were not added to a subject, by their index; each address once, without regard
-- to case.
-- name: ListNewRecipients :many
select min(e.number - 1)::integer as index
from unnest(@emails::text[]) with ordinality e (email, number)
where fold_case(e.email) not in (
  select r.address from recipients r where r.organization_id = @organization_id and r.subject_id = @subject_id)
group by fold_case(e.email)
order by 1;

-- ListMissingRecipients returns the addresses that were added to a subject and are not among the given ones. Those are left out that hear
-- of its alerts in any case, as owners, admins or its creator: lists of recipients do not show that they were added as well.
-- name: ListMissingRecipients :many
select r.email from recipients r
where r.organization_id = @organization_id and r.subject_id = @subject_id
  and r.address not in (select fold_case(e.email) from unnest(@emails::text[]) e (email))
  and not exists (
    select from members m
    where m.organization_id = r.organization_id and fold_case(m.email) = r.address and m.status = 'ACTIVE'
      and (m.role in ('OWNER', 'ADMIN') or m.id in (
        select k.created_by_id from api_keys k where k.organization_id = r.organization_id and k.id = r.api_key_id)))
order by r.address;

-- RemoveRecipients removes addresses, in whatever case, from those that were added to a subject.
-- name: RemoveRecipients :exec
delete from recipients r
where r.organization_id = @organization_id and r.subject_id = @subject_id
  and r.address in (select fold_case(e.email) from unnest(@emails::text[]) e (email));

-- ListRecipients returns the recipients of the given subjects' alerts, at most a number of them in all; at each index the arrays have a
-- subject and its organization.
-- name: ListRecipients :many
select * from list_recipients(@organization_ids::uuid[], @subject_ids::uuid[], @number::integer);
