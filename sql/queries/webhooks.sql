-- CreateWebhook stores a webhook with its secret and returns its id. Raises webhooks_workspace_id_fkey for a workspace of another organization,
-- and UB004 when the organization has as many as it may.
-- name: CreateWebhook :one
insert into webhooks (organization_id, workspace_id, name, url, format, events, secret)
values (@organization_id, sqlc.narg('workspace_id'), @name, @url, @format, @events::text[], @secret)
returning id;

-- UpdateWebhook changes what is given of a webhook. Enabling it forgets why Bursar had disabled it. No row when there is no such webhook.
-- name: UpdateWebhook :one
update visible_webhooks w set
  name = coalesce(sqlc.narg('name'), w.name),
  url = coalesce(sqlc.narg('url'), w.url),
  events = coalesce(sqlc.narg('events')::text[], w.events),
  enabled = coalesce(sqlc.narg('enabled')::boolean, w.enabled),
  disabled_reason = case when sqlc.narg('enabled')::boolean is null then w.disabled_reason end
where w.organization_id = @organization_id and w.id = @id
returning *;

-- DeleteWebhook deletes a webhook with the record of what it was told. No row when there is no such webhook.
-- name: DeleteWebhook :one
delete from webhooks w where w.organization_id = @organization_id and w.id = @id returning w.id;

-- LockWebhook returns a webhook, locked until the transaction ends.
-- name: LockWebhook :one
select * from visible_webhooks w where w.organization_id = @organization_id and w.id = @id for update;

-- FindWebhooks returns the webhooks of the given ids that exist, within an organization (null: any).
-- name: FindWebhooks :many
select * from visible_webhooks w
where w.id = any (@ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or w.organization_id = sqlc.narg('organization_id'));

-- ListWebhooks returns all webhooks of the given organizations, oldest first: an organization has few.
-- name: ListWebhooks :many
select * from visible_webhooks w where w.organization_id = any (@organization_ids::uuid[]) order by w.id;

-- RotateWebhookSecret gives a webhook another secret: see rotate_webhook_secret. No row when there is no such webhook.
-- name: RotateWebhookSecret :one
select rotate_webhook_secret(@organization_id, @id, @secret, @overlap::interval)::uuid as id;

-- TestWebhook queues a test: see test_webhook. No row when there is no such webhook that is enabled.
-- name: TestWebhook :one
select test_webhook(@organization_id, @id)::uuid as id;

-- ResendWebhookDelivery has a delivery sent once more: see resend_webhook_delivery. No row when there is none of a webhook that is enabled.
-- name: ResendWebhookDelivery :one
select resend_webhook_delivery(@organization_id, @id)::uuid as id;

-- FindWebhookDeliveries returns the deliveries of the given ids that exist, within an organization (null: any).
-- name: FindWebhookDeliveries :many
select * from webhook_deliveries d
where d.id = any (@ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or d.organization_id = sqlc.narg('organization_id'));

-- ListWebhookDeliveries returns what each of the given webhooks was told and is to be told, between two deliveries (null: no bound), newest first, or
-- oldest first if backward; those of some statuses alone unless null. The number is of each webhook's.
-- name: ListWebhookDeliveries :many
select d.* from visible_webhooks w
cross join lateral (
  select * from webhook_deliveries d
  where d.organization_id = w.organization_id and d.webhook_id = w.id
    and (sqlc.narg('statuses')::text[] is null or d.status::text = any (sqlc.narg('statuses')))
    and (sqlc.narg('after')::uuid is null or d.id < sqlc.narg('after'))
    and (sqlc.narg('before')::uuid is null or d.id > sqlc.narg('before'))
  order by case when @backward::boolean then d.id end, case when not @backward then d.id end desc limit @number
) d
where w.id = any (@webhook_ids::uuid[])
order by d.webhook_id, case when @backward then d.id end, case when not @backward then d.id end desc;

-- CountWebhookDeliveries counts what ListWebhookDeliveries would list in all; no row for a webhook that has none.
-- name: CountWebhookDeliveries :many
select d.webhook_id, count(*) as number from visible_webhooks w
join webhook_deliveries d on d.organization_id = w.organization_id and d.webhook_id = w.id
where w.id = any (@webhook_ids::uuid[]) and (sqlc.narg('statuses')::text[] is null or d.status::text = any (sqlc.narg('statuses')))
group by d.webhook_id;

-- NextWebhookDue returns how long it is until something is to be told to a webhook of an organization that is HERE. Zero or less: now. A day when nothing waits.
-- name: NextWebhookDue :one
select coalesce(min(greatest(d.next_attempt_at, d.claimed_until)) - clock_timestamp(), '1 day')::interval as wait
from webhook_deliveries d where d.status = 'QUEUED' and d.organization_id <> all ((select moved_organizations())::uuid[]);

-- ClaimWebhookDeliveries claims what is due: see claim_webhook_deliveries.
-- name: ClaimWebhookDeliveries :many
select * from claim_webhook_deliveries(@number::integer, @per_organization::integer, @lease::interval);

-- ListWebhookTargets returns where the webhooks of the given deliveries are and the secrets that sign now, the newer one first.
-- name: ListWebhookTargets :many
select d.organization_id, d.id as delivery_id, w.url, w.format, w.secret, w.name, o.name as organization_name,
  (case when w.previous_secrets_end_at > clock_timestamp() then w.previous_secrets else '{}' end)::bytea[] as previous_secrets
from webhook_deliveries d
join webhooks w on w.organization_id = d.organization_id and w.id = d.webhook_id
join organizations o on o.id = d.organization_id
where d.id = any (@delivery_ids::uuid[]);

-- KeepWebhookBody keeps what a delivery sends, before it is sent first.
-- name: KeepWebhookBody :exec
update webhook_deliveries d set body = @body where d.organization_id = @organization_id and d.id = @id and d.body is null;

-- SettleWebhookDelivery stores what became of an attempt: see settle_webhook_delivery.
-- name: SettleWebhookDelivery :exec
select settle_webhook_delivery(@organization_id, @id, @attempts, @status, sqlc.narg('response_status')::smallint, sqlc.narg('error')::text,
  @delay::interval, sqlc.narg('disable')::text);

-- DeleteOldWebhookTests deletes tests that ended at least 31 days ago, of organizations that are HERE.
-- name: DeleteOldWebhookTests :execrows
delete from webhook_deliveries d
where d.alert_id is null and d.status <> 'QUEUED' and d.status_at < clock_timestamp() - interval '31 days'
  and d.organization_id <> all ((select moved_organizations())::uuid[]);
