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

-- LiftSuppressions has addresses of an organization written to again, as AddRecipients does.
-- name: LiftSuppressions :exec
delete from suppressed_addresses s
where s.organization_id = @organization_id and s.address in (select fold_case(e.email) from unnest(@emails::text[]) e (email));

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

-- PreviewBudget returns what the mail of a budget says that is not saved yet: the period in which it would count, the one after it, with how many seconds the clocks of its time zone
-- are ahead of UTC, and the names of its subject. Of a budget that there is (limit_id) and that would not start anew, it has what the period has used, been raised by and
-- alerted. options has what calendar_with names.
-- name: PreviewBudget :one
select o.name as organization_name, coalesce(w.name, '')::text as workspace_name, coalesce(k.name, '')::text as api_key_name,
  coalesce(k.prefix, '')::text as api_key_prefix, coalesce(k.email_notifications, true)::boolean as email_notifications, t.now::timestamptz as now,
  coalesce(s.period_start, b.period_start)::timestamptz as period_start, coalesce(s.period_end, b.period_end) as period_end,
  n.period_end as next_end,
  (c.calendar).time_zone::text as time_zone, coalesce((c.calendar).reset_days, 0)::integer as reset_days,
  coalesce(utc_offset((c.calendar).time_zone, coalesce(s.period_start, b.period_start)), 0)::integer as start_offset,
  coalesce(utc_offset((c.calendar).time_zone, coalesce(s.period_end, b.period_end)), 0)::integer as end_offset,
  coalesce(utc_offset((c.calendar).time_zone, n.period_end), 0)::integer as next_offset, coalesce(s.used_units, 0)::numeric as used_units, coalesce(s.raised_units, 0)::bigint as raised_units,
  coalesce(a.alerted_units, '{}')::bigint[] as alerted_units, coalesce(a.exhaustion_alerted and @max_units::bigint <= a.max_units, false)::boolean as exhaustion_alerted
from organizations o
cross join lateral (select clock_timestamp() as now) t
left join api_keys k on k.organization_id = o.id and k.id = sqlc.narg('api_key_id')::uuid
left join workspaces w on w.organization_id = o.id and w.id = coalesce(sqlc.narg('workspace_id')::uuid, k.workspace_id)
left join limits l on l.organization_id = o.id and l.id = sqlc.narg('limit_id')::uuid
cross join lateral (select calendar_with(l, @period, @options::jsonb, t.now) as calendar offset 0) c
cross join lateral first_period(@period, case when @period::limit_period <> 'NONE' then c.calendar end, t.now) b
left join enforced_limits_at(clock_timestamp()) s on s.organization_id = o.id and s.id = l.id and l.type = @type::limit_type and l.period = @period::limit_period
  and (l.time_zone, l.week_starts_on, l.day_of_month, l.reset_days, l.reset_anchor)::calendar is not distinct from c.calendar
left join lateral first_period(@period, case when @period::limit_period <> 'NONE' then c.calendar end, coalesce(s.period_end, b.period_end)) n on b.period_end is not null
left join counters a on a.organization_id = o.id and a.id = s.counter_id and a.period_start = s.period_start
where o.id = @organization_id;

-- PreviewRecipients returns who would hear of alerts of a subject, at most a number of addresses, with how many there are in all: each address once among the subject's recipients,
-- and once among those that a budget names (NAMED). added are all addresses that are to be added to it (null: those that are); creator_id is who is to have created a new API key. reason is why it would
-- not be written to: what is new (of added, and new_named) is written to again where may_lift. is_invited: an owner, an admin or the creator who has not accepted. is_former: a member with the
-- address was removed.
-- name: PreviewRecipients :many
with heard as (
  select m.email, m.role::text::recipient_source as source, m.status <> 'ACTIVE' as invited
  from members m where m.organization_id = @organization_id and m.role in ('OWNER', 'ADMIN')
  union all
  select m.email, 'CREATOR', m.status <> 'ACTIVE'
  from members m
  where m.organization_id = @organization_id and m.id = coalesce(sqlc.narg('creator_id')::uuid, (
    select k.created_by_id from api_keys k where k.organization_id = @organization_id and k.id = sqlc.narg('subject_id')::uuid))
  union all
  select e.email, 'ADDED', false
  from unnest(coalesce(sqlc.narg('added')::text[], array(
    select r.email from recipients r where r.organization_id = @organization_id and r.subject_id = sqlc.narg('subject_id')::uuid))) e (email)
  union all
  select e.email, 'NAMED', false from unnest(@named::text[]) e (email)
), lifted as (
  select fold_case(e.email) as address
  from unnest(@new_named::text[] || array(
    select e.email from unnest(sqlc.narg('added')::text[]) e (email)
    where fold_case(e.email) not in (
      select r.address from recipients r where r.organization_id = @organization_id and r.subject_id = sqlc.narg('subject_id')::uuid))) e (email)
  where @may_lift::boolean
)
select h.email, h.address::text as address, h.source::recipient_source as source, h.invited::boolean as is_invited, s.reason as suppressed_reason, s.suppressed_at,
  (exists (select from former_members f where f.organization_id = @organization_id and fold_case(f.email) = h.address)
    and not exists (select from members m where m.organization_id = @organization_id and fold_case(m.email) = h.address))::boolean as is_former,
  count(*) over () as total
from (
  select distinct on (fold_case(e.email), e.source = 'NAMED') e.email, fold_case(e.email) as address, e.source, e.invited
  from heard e
  order by fold_case(e.email), e.source = 'NAMED', e.invited, e.source
) h
left join suppressed_addresses s on s.organization_id = @organization_id and s.address = h.address and h.address not in (select l.address from lifted l)
order by h.source, h.address limit @number;
