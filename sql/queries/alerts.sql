-- ListAlerts returns alerts of an organization between two keyset cursors (null: no bound), newest first, or oldest first if backward: of
-- one subject, of keys that one member created, of one kind, from a time, before a time; each filter may be null. Ids begin with the
-- time: from_id and to_id bound what is read of the index.
-- name: ListAlerts :many
select * from alerts a
where a.organization_id = @organization_id
  and (sqlc.narg('subject_id')::uuid is null or a.subject_id = sqlc.narg('subject_id'))
  and (sqlc.narg('created_by_id')::uuid is null or exists (
    select from api_keys k
    where k.organization_id = a.organization_id and k.id = a.api_key_id and k.created_by_id = sqlc.narg('created_by_id')))
  and (sqlc.narg('kind')::alert_kind is null or a.kind = sqlc.narg('kind'))
  and (sqlc.narg('from_time')::timestamptz is null or a.raised_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.raised_at < sqlc.narg('to_time'))
  and (sqlc.narg('from_id')::uuid is null or a.id >= sqlc.narg('from_id'))
  and (sqlc.narg('to_id')::uuid is null or a.id < sqlc.narg('to_id'))
  and (sqlc.narg('after')::uuid is null or a.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or a.id > sqlc.narg('before'))
order by case when @backward::boolean then a.id end, case when not @backward then a.id end desc limit @number;

-- ListEveryAlert is ListAlerts for the operator: alerts of all organizations, in the order that alerts_newest_idx has.
-- name: ListEveryAlert :many
select * from alerts a
where (sqlc.narg('kind')::alert_kind is null or a.kind = sqlc.narg('kind'))
  and (sqlc.narg('from_time')::timestamptz is null or a.raised_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.raised_at < sqlc.narg('to_time'))
  and (sqlc.narg('from_id')::uuid is null or uuid_send(a.id) >= uuid_send(sqlc.narg('from_id')))
  and (sqlc.narg('to_id')::uuid is null or uuid_send(a.id) < uuid_send(sqlc.narg('to_id')))
  and (sqlc.narg('after')::uuid is null or uuid_send(a.id) < uuid_send(sqlc.narg('after')))
  and (sqlc.narg('before')::uuid is null or uuid_send(a.id) > uuid_send(sqlc.narg('before')))
order by case when @backward::boolean then uuid_send(a.id) end, case when not @backward then uuid_send(a.id) end desc limit @number;

-- CountAlerts counts the alerts that ListAlerts would list in all, or ListEveryAlert when the organization is null.
-- name: CountAlerts :one
select count(*) from alerts a
where (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('subject_id')::uuid is null or a.subject_id = sqlc.narg('subject_id'))
  and (sqlc.narg('created_by_id')::uuid is null or exists (
    select from api_keys k
    where k.organization_id = a.organization_id and k.id = a.api_key_id and k.created_by_id = sqlc.narg('created_by_id')))
  and (sqlc.narg('kind')::alert_kind is null or a.kind = sqlc.narg('kind'))
  and (sqlc.narg('from_time')::timestamptz is null or a.raised_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or a.raised_at < sqlc.narg('to_time'));

-- FindAlerts returns those alerts of the given ids that exist, within an organization (null: in any).
-- name: FindAlerts :many
select * from alerts a
where a.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or a.organization_id = sqlc.narg('organization_id'));

-- ListDeliveries returns the deliveries of the given alerts, within an organization (null: in any), at most a number of them in all.
-- name: ListDeliveries :many
select * from alert_deliveries d
where d.alert_id = any (@alert_ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or d.organization_id = sqlc.narg('organization_id'))
order by d.alert_id, d.purpose, d.address limit @number;

-- ListAlertDeliveries returns a page of deliveries: see list_deliveries. emails have any case.
-- name: ListAlertDeliveries :many
select * from list_deliveries(sqlc.narg('organization_id')::uuid, sqlc.narg('created_by_id')::uuid, sqlc.narg('statuses')::text[]::delivery_status[],
  fold_case(sqlc.narg('email')::text), sqlc.narg('from_time')::timestamptz, sqlc.narg('to_time')::timestamptz, @descending::boolean,
  sqlc.narg('above_time')::timestamptz, sqlc.narg('above_alert_id')::uuid, sqlc.narg('above_purpose')::delivery_purpose,
  sqlc.narg('above_address')::text, sqlc.narg('below_time')::timestamptz, sqlc.narg('below_alert_id')::uuid,
  sqlc.narg('below_purpose')::delivery_purpose, sqlc.narg('below_address')::text, @number::integer);

-- CountAlertDeliveries counts the deliveries that ListAlertDeliveries would list in all.
-- name: CountAlertDeliveries :one
select count(*) from alert_deliveries d
where (sqlc.narg('organization_id')::uuid is null or d.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('statuses')::text[] is null or d.status = any (sqlc.narg('statuses')::text[]::delivery_status[]))
  and (sqlc.narg('email')::text is null or d.address = fold_case(sqlc.narg('email')))
  and (sqlc.narg('from_time')::timestamptz is null or d.queued_at >= sqlc.narg('from_time'))
  and (sqlc.narg('to_time')::timestamptz is null or d.queued_at < sqlc.narg('to_time'))
  and (sqlc.narg('created_by_id')::uuid is null or d.alert_id in (
    select a.id from api_keys k
    join alerts a on a.organization_id = k.organization_id and a.subject_id = k.id
    where k.organization_id = d.organization_id and k.created_by_id = sqlc.narg('created_by_id')));

-- ListAlertSubjects returns each alert with the names that its mail needs, and, for the reset notice, the current state of its
-- budget and of the period that it was raised in: nulls when the budget was deleted or the period is not over. The time zone is the budget's of
-- now, with how many seconds its clocks are ahead of UTC at each instant. denial is why requests
-- of the subject cannot pass now ('': they can, or the alert is not about an exhausted budget). Of an alert about a raise: the request as it stands
-- now (request_status null: there is none, any more), what was granted, and who did either by their address, or the name of their token.
-- policy_name is that of the policy whose budget it is.
-- name: ListAlertSubjects :many
select
  sqlc.embed(a), o.name as organization_name, w.name as workspace_name, k.name as api_key_name, k.prefix as api_key_prefix,
  c.max_units as current_max_units, coalesce(amount_at(c.max_units, c.raises, clock_timestamp()), 0)::bigint as current_amount_units,
  coalesce(c.unenforced = 'SHADOW', false)::boolean as currently_shadow, coalesce(c.used_units, 0)::numeric as current_used_units, c.period_start as current_period_start,
  c.period_end as current_period_end, c.exhaustion_alerted as currently_exhausted, coalesce(p.used_units, a.used_units)::numeric as ended_used_units,
  coalesce((c.calendar).time_zone, 'UTC')::text as time_zone, coalesce((c.calendar).reset_days, 0)::integer as reset_days,
  coalesce(utc_offset((c.calendar).time_zone, a.period_start), 0)::integer as start_offset,
  coalesce(utc_offset((c.calendar).time_zone, a.period_end), 0)::integer as end_offset,
  coalesce(utc_offset((c.calendar).time_zone, c.period_start), 0)::integer as current_start_offset,
  coalesce(utc_offset((c.calendar).time_zone, c.period_end), 0)::integer as current_end_offset,
  coalesce(case a.kind
    when 'EXHAUSTED' then subject_denial(a.organization_id, a.workspace_id, a.api_key_id, clock_timestamp())
  end::text, '')::text as denial, coalesce(y.name, '')::text as policy_name,
  q.status as request_status, coalesce(q.units, g.units, a.requested_units, 0)::bigint as raise_units, coalesce(q.type, g.type, a.type)::limit_type as raise_type,
  q.until as request_until, g.until as granted_until, coalesce(utc_offset((c.calendar).time_zone, coalesce(g.until, q.until)), 0)::integer as until_offset,
  coalesce(q.reason, '')::text as request_reason, coalesce(q.decision_reason, g.reason, '')::text as decision_reason,
  coalesce(actor_name(a.organization_id, 'mem_' || replace(q.member_id::text, '-', '')), '')::text as requested_by,
  coalesce(actor_name(a.organization_id, coalesce(q.decided_by, g.granted_by)), '')::text as decided_by
from alerts a
join organizations o on o.id = a.organization_id
left join policies y on y.organization_id = a.organization_id and y.id = a.policy_id
left join counters c on c.organization_id = a.organization_id and c.limit_id = a.budget_limit_id and c.id = coalesce(a.counter_id, c.id)
  and (a.policy_id is null or a.counter_id is not null)
left join budget_periods p on p.organization_id = c.organization_id and p.counter_id = c.id
  and p.period_number = a.period_number
left join api_keys k on k.organization_id = a.organization_id and k.id = a.api_key_id
left join workspaces w on w.organization_id = a.organization_id and w.id = coalesce(a.workspace_id, k.workspace_id)
left join raise_requests q on q.organization_id = a.organization_id and q.id = a.raise_request_id
left join budget_raises g on g.organization_id = a.organization_id and g.id = a.raise_id
where a.id = any (@ids::uuid[]);

-- ListAlertsBeside returns the lower thresholds that the same transaction raised for the same budgets as the given alerts: a mail names those of which its
-- address is sent none itself.
-- name: ListAlertsBeside :many
select distinct b.* from alerts a
join alerts b on b.organization_id = a.organization_id and b.subject_id = a.subject_id and b.budget_limit_id = a.budget_limit_id
  and b.counter_id is not distinct from a.counter_id and b.period_number = a.period_number and b.raised_at = a.raised_at
where a.id = any (@ids::uuid[]) and a.kind in ('THRESHOLD', 'EXHAUSTED', 'REFUSED')
  and b.kind = 'THRESHOLD' and (a.threshold_units is null or b.threshold_units < a.threshold_units);

-- ResendAlert queues the mail of an alert for those recipients of now who have not been sent it: who were added since, or whose
-- delivery failed or bounced. emails restricts it to some of them (null: all). No mail is queued of a key that sends none. Writes the
-- audit log. Returns how many mails it queued, and one of emails that is no recipient's ('': there is none).
-- name: ResendAlert :one
select resend_alert(@organization_id, @id, sqlc.narg('emails')::text[])::integer as queued, coalesce((
    select e.email from unnest(sqlc.narg('emails')::text[]) e (email)
    where fold_case(e.email) not in (
      select fold_case(r.email) from recipients_of(array[@organization_id::uuid], array[@subject_id::uuid]) r
      where not exists (select from alerts a where a.organization_id = @organization_id and a.id = @id and a.recipients is not null)
      union all
      select fold_case(n.email) from alerts a cross join lateral jsonb_array_elements_text(a.recipients -> 'emails') n (email)
      where a.organization_id = @organization_id and a.id = @id
      union all
      select fold_case(h.email) from hearers_of(@organization_id::uuid, @id::uuid) h (email))
    limit 1), '')::text as unknown_email;

-- CountDeliveries counts the deliveries of all organizations by status, with the age of the oldest in seconds: all that are QUEUED,
-- and of the others those whose status has changed within the given time.
-- name: CountDeliveries :many
select c.status, count(*), extract(epoch from clock_timestamp() - min(c.queued_at))::double precision as oldest_seconds
from (
  select d.status, d.queued_at from alert_deliveries d where d.status = 'QUEUED'
  union all
  select d.status, d.queued_at from alert_deliveries d
  where d.status <> 'QUEUED' and d.status_at > clock_timestamp() - @since::interval
) c group by c.status;

-- NoteDelivery moves the deliveries of a mail forward to DELIVERED, BOUNCED, COMPLAINED or FAILED, never back: a repeated event
-- changes nothing. The mail is found by the provider's id, or by its own id when the provider's answer was lost. A delivery that
-- failed because it was not known whether the provider had accepted it can still become DELIVERED. An address that bounced
-- permanently or complained is suppressed when its delivery moves. A repeated event does not suppress it again, because it may have
-- been added again in between. Returns how many deliveries the mail has, moved or not, of organizations that are not in another database. Raises UB005
-- while one is being moved.
-- name: NoteDelivery :one
with found as (
  select d.organization_id, d.alert_id, d.purpose, d.address from alert_deliveries d
  where d.provider_id = @provider_id::text
  union
  select d.organization_id, d.alert_id, d.purpose, d.address from alert_deliveries d
  where d.mail_id = sqlc.narg('mail_id')::uuid and d.provider_id is null
), known as (
  select f.* from found f join organizations o on o.id = f.organization_id and o.residence in ('HERE', 'LEAVING')
), held as materialized (
  select hold_residence(k.organization_id) from (select distinct k.organization_id from known k) k
), moved as (
  update alert_deliveries d set
    status = @status::delivery_status,
    provider_id = coalesce(d.provider_id, @provider_id::text),
    sent_at = coalesce(d.sent_at, clock_timestamp()),
    last_error = case @status::delivery_status when 'DELIVERED' then null else coalesce(sqlc.narg('reason'), d.last_error) end
  from known k
  where d.organization_id = k.organization_id and d.alert_id = k.alert_id and d.purpose = k.purpose and d.address = k.address
    and (select count(*) from held) > 0
    and (d.status = any (case @status::delivery_status
        when 'DELIVERED' then '{QUEUED,SENT}'
        when 'FAILED' then '{QUEUED,SENT}'
        when 'BOUNCED' then '{QUEUED,SENT,DELIVERED}'
        else '{QUEUED,SENT,DELIVERED,BOUNCED}'
      end::delivery_status[])
      or d.status = 'FAILED' and d.provider_id is null)
  returning d.organization_id, d.address
), suppressed as (
  insert into suppressed_addresses as s (organization_id, address, reason, detail)
  select distinct m.organization_id, fold_case(m.address), sqlc.narg('suppress')::suppression_reason, sqlc.narg('reason')
  from moved m where sqlc.narg('suppress')::suppression_reason is not null
  on conflict (organization_id, address) do update set reason = excluded.reason, detail = excluded.detail
)
select count(*) from known;
