-- ListAlerts returns alerts before a keyset cursor (null: from the newest), newest first: of one subject, of one kind; each
-- filter may be null.
-- name: ListAlerts :many
select * from alerts a
where (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('subject_id')::uuid is null or a.subject_id = sqlc.narg('subject_id'))
  and (sqlc.narg('kind')::alert_kind is null or a.kind = sqlc.narg('kind'))
  and (sqlc.narg('after')::uuid is null or a.id < sqlc.narg('after'))
order by a.id desc limit @number;

-- CountAlerts counts the alerts that ListAlerts would list in all.
-- name: CountAlerts :one
select count(*) from alerts a
where (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('subject_id')::uuid is null or a.subject_id = sqlc.narg('subject_id'))
  and (sqlc.narg('kind')::alert_kind is null or a.kind = sqlc.narg('kind'));

-- FindAlerts returns those alerts of the given ids that exist, within an organization (null: in any).
-- name: FindAlerts :many
select * from alerts a
where a.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'));

-- ListDeliveries returns the deliveries of the given alerts.
-- name: ListDeliveries :many
select * from alert_deliveries d where d.alert_id = any (@alert_ids::uuid[]) order by d.alert_id, d.address;

-- ClaimDeliveries takes queued deliveries that are due for the given lease; nobody else takes them before it ends.
-- Materialized, so that no plan runs the selection twice and takes more than the given number.
-- name: ClaimDeliveries :many
with due as materialized (
  select c.organization_id, c.alert_id, c.address from alert_deliveries c
  where c.status = 'QUEUED' and c.next_attempt_at <= coalesce(sqlc.narg('now')::timestamptz, clock_timestamp())
  order by c.next_attempt_at limit @number
  for update skip locked
)
update alert_deliveries d set
  attempts = d.attempts + 1,
  next_attempt_at = coalesce(sqlc.narg('now')::timestamptz, clock_timestamp()) + @lease::interval
from due
where d.organization_id = due.organization_id and d.alert_id = due.alert_id and d.address = due.address
returning d.*;

-- ListAlertSubjects returns each alert with the names that its mail needs.
-- name: ListAlertSubjects :many
select
  sqlc.embed(a), o.name as organization_name, w.name as workspace_name, k.name as api_key_name, k.prefix as api_key_prefix
from alerts a
join organizations o on o.id = a.organization_id
left join api_keys k on k.organization_id = a.organization_id and k.id = a.api_key_id
left join workspaces w on w.organization_id = a.organization_id and w.id = coalesce(a.workspace_id, k.workspace_id)
where a.id = any (@ids::uuid[]);

-- MarkDeliverySent notes that the provider accepted a mail, under the provider's id.
-- name: MarkDeliverySent :exec
update alert_deliveries d set status = 'SENT', provider_id = @provider_id, sent_at = clock_timestamp(), last_error = null
where d.organization_id = @organization_id and d.alert_id = @alert_id and d.address = @address and d.status = 'QUEUED';

-- MarkDeliveryFailed notes that a mail will not be tried again, and why.
-- name: MarkDeliveryFailed :exec
update alert_deliveries d set status = 'FAILED', last_error = @last_error
where d.organization_id = @organization_id and d.alert_id = @alert_id and d.address = @address and d.status = 'QUEUED';

-- DelayDelivery notes why an attempt failed and when the next may be made.
-- name: DelayDelivery :exec
update alert_deliveries d set last_error = @last_error, next_attempt_at = clock_timestamp() + @delay::interval
where d.organization_id = @organization_id and d.alert_id = @alert_id and d.address = @address and d.status = 'QUEUED';

-- ReturnDelivery gives back a delivery that was claimed and not attempted, or that the provider put off: the claim does not
-- count as an attempt. The last error stays when none is given.
-- name: ReturnDelivery :exec
update alert_deliveries d set
  attempts = greatest(d.attempts - 1, 0),
  last_error = coalesce(sqlc.narg('last_error'), d.last_error),
  next_attempt_at = clock_timestamp() + @delay::interval
where d.organization_id = @organization_id and d.alert_id = @alert_id and d.address = @address and d.status = 'QUEUED';

-- CountDeliveries counts deliveries by status, of all organizations.
-- name: CountDeliveries :many
select d.status, count(*) from alert_deliveries d group by d.status;

-- NoteDelivery moves the delivery with a provider's id on to DELIVERED, BOUNCED, COMPLAINED or FAILED, never back: the same
-- event again changes nothing. Returns how many deliveries have the id, moved or not.
-- name: NoteDelivery :one
with known as (
  select d.organization_id, d.alert_id, d.address, d.status from alert_deliveries d where d.provider_id = @provider_id::text
), moved as (
  update alert_deliveries d set status = @status::delivery_status, last_error = coalesce(sqlc.narg('reason'), d.last_error)
  from known k
  where d.organization_id = k.organization_id and d.alert_id = k.alert_id and d.address = k.address
    and d.status = any (case @status::delivery_status
      when 'DELIVERED' then '{QUEUED,SENT}'
      when 'FAILED' then '{QUEUED,SENT}'
      when 'BOUNCED' then '{QUEUED,SENT,DELIVERED}'
      else '{QUEUED,SENT,DELIVERED,BOUNCED}'
    end::delivery_status[])
)
select count(*) from known;
