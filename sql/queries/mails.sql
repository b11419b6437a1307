-- LockMailThrottle locks the throttle of all workers until the transaction ends and returns how long it is until the next call
-- to the mail provider may be made; zero or less: now.
-- name: LockMailThrottle :one
select (p.next_call_at - clock_timestamp())::interval as wait from mail_pace p for update;

-- SetIdleTransactionTimeout has the database end this transaction, and its connection, when it has waited for the client for this
-- long ('5000ms'), so that a worker that hangs, or whose machine has failed, does not keep its locks.
-- name: SetIdleTransactionTimeout :exec
select set_config('idle_in_transaction_session_timeout', @longest::text, true);

-- SpaceMailCalls sets the earliest time of the next call, by whichever worker, to this long from now. The caller holds the
-- throttle's lock.
-- name: SpaceMailCalls :exec
update mail_pace p set next_call_at = clock_timestamp() + @spacing::interval;

-- PauseMailCalls keeps all workers from calling the mail provider for a time; a longer pause is not shortened. It notes since when the
-- provider's quota of mails is used up, if that is why.
-- name: PauseMailCalls :exec
update mail_pace p set
  next_call_at = greatest(p.next_call_at, clock_timestamp() + @pause::interval),
  quota_used_up_since = case when @quota_used_up::boolean then coalesce(p.quota_used_up_since, clock_timestamp()) end;

-- NoteMailQuota notes that the provider's quota of mails is not used up: it has taken mail.
-- name: NoteMailQuota :exec
update mail_pace p set quota_used_up_since = null where p.quota_used_up_since is not null;

-- IsMailQuotaUsedUp returns whether the provider has said that its quota of mails is used up, and has taken none since.
-- name: IsMailQuotaUsedUp :one
select exists (select from mail_pace p where p.quota_used_up_since is not null)::boolean as used_up;

-- HastenMail makes mail due now that waits for longer than the given time, and ends such a pause: it was put off by a clock that was
-- ahead. A call that is being made keeps its idempotency key.
-- name: HastenMail :exec
with calls as (
  update mail_calls c set next_attempt_at = clock_timestamp() where c.next_attempt_at > clock_timestamp() + @ahead::interval
), pauses as (
  update mail_pace p set next_call_at = clock_timestamp() where p.next_call_at > clock_timestamp() + @ahead::interval
)
update alert_deliveries d set next_attempt_at = clock_timestamp()
where d.status = 'QUEUED' and d.next_attempt_at > clock_timestamp() + @ahead::interval
  and d.organization_id <> all ((select moved_organizations())::uuid[]);

-- NextMailDue returns how long it is until a call to the mail provider can be made: until a call is due to be made again or a
-- delivery waits for its mail, and the throttle allows it. Zero or less: now. A day when nothing waits. It reads the first entry
-- of two indexes that hold only what waits. Deliveries of organizations that are not HERE have no mail.
-- name: NextMailDue :one
with waiting as (
  select least(
    (select min(c.next_attempt_at) from mail_calls c),
    (select min(d.next_attempt_at) from alert_deliveries d
      where d.status = 'QUEUED' and d.mail_id is null and d.organization_id <> all ((select moved_organizations())::uuid[]))) as due_at
)
select coalesce(greatest(w.due_at, p.next_call_at) - clock_timestamp(), '1 day')::interval as wait
from waiting w left join mail_pace p on w.due_at is not null;

-- NotifyMailDue notifies every watcher of mail, when the transaction commits, to call NextMailDue again. Inserted deliveries do so
-- by a trigger (notify_mail_due).
-- name: NotifyMailDue :exec
select pg_notify('bursar_mail_due', '');

-- ClaimMailCall claims the call that has been due longest, for the given lease: no other worker claims it before that ends. Until
-- its outcome is stored the provider may have accepted it. A call is made again, and its outcome stored, also when one of its organizations is
-- not HERE any more: it has mail of several, and an idempotency key.
-- name: ClaimMailCall :one
with due as materialized (
  select c.id, clock_timestamp() as now from mail_calls c
  where c.next_attempt_at <= clock_timestamp()
  order by c.next_attempt_at limit 1
  for update skip locked
)
update mail_calls c set
  attempts = c.attempts + 1,
  attempted_at = due.now,
  uncertain_since = coalesce(c.uncertain_since, due.now),
  next_attempt_at = due.now + @lease::interval
from due where c.id = due.id
returning c.*;

-- CreateMailCall writes a call that is about to be made for the first time.
-- name: CreateMailCall :one
insert into mail_calls (attempts, attempted_at, uncertain_since, next_attempt_at)
select @attempts, n.now, n.now, n.now + @lease::interval from (select clock_timestamp() as now) n
returning *;

-- CreateMails writes the mails of a call.
-- name: CreateMails :exec
insert into mails (organization_id, id, call_id, position, message)
select (@organization_ids::uuid[])[n.i], (@mail_ids::uuid[])[n.i], @call_id, n.i, (@messages::text[])[n.i]::jsonb
from generate_subscripts(@mail_ids::uuid[], 1) n (i);

-- ListCallMails returns the mails of a call in their order.
-- name: ListCallMails :many
select * from mails m where m.call_id = @call_id order by m.position, m.id;

-- ListMailAlerts returns the ids of the alerts that the mails of a call tell of, for the log.
-- name: ListMailAlerts :many
select distinct d.alert_id from mails m
join alert_deliveries d on d.organization_id = m.organization_id and d.mail_id = m.id
where m.call_id = @call_id order by d.alert_id limit @number;

-- ListDueDeliveries returns what is to go out next, as many mails as given, in the order that choose_mails says. merged is whether they
-- are digests: then all deliveries that wait for one address make one mail, otherwise those about one budget. is_recipient is
-- whether the address is still among those to whom such an alert is mailed (hears_of). The caller holds the throttle's lock, so nobody else
-- takes one of them.
-- name: ListDueDeliveries :many
with due as materialized (
  select * from choose_mails(@number::integer)
)
select sqlc.embed(d), clock_timestamp()::timestamptz as now, s.reason as suppressed_reason, s.suppressed_at, s.detail as suppressed_detail,
  hears_of(d.organization_id, d.alert_id, fold_case(d.address))::boolean as is_recipient,
  (due.budget_limit_id is null)::boolean as merged
from due
join alert_deliveries d on d.organization_id = due.organization_id and d.address = due.address
  and d.status = 'QUEUED' and d.mail_id is null
join alerts a on a.organization_id = d.organization_id and a.id = d.alert_id
  and (due.budget_limit_id is null or a.budget_limit_id = due.budget_limit_id and a.subject_id = due.subject_id)
left join suppressed_addresses s on s.organization_id = d.organization_id and s.address = d.address
order by due.position, d.alert_id, d.purpose
for update of d;

-- AssignMails notes which mail carries which deliveries, before it is sent.
-- name: AssignMails :exec
update alert_deliveries d set mail_id = (@mail_ids::uuid[])[n.i]
from generate_subscripts(@mail_ids::uuid[], 1) n (i)
where d.organization_id = (@organization_ids::uuid[])[n.i] and d.alert_id = (@alert_ids::uuid[])[n.i]
  and d.purpose = (@purposes::text[])[n.i]::delivery_purpose and d.address = (@addresses::text[])[n.i] and d.status = 'QUEUED';

-- RefuseDeliveries fails deliveries that are not sent at all, each with an error.
-- name: RefuseDeliveries :exec
update alert_deliveries d set status = 'FAILED', last_error = (@last_errors::text[])[n.i]
from generate_subscripts(@alert_ids::uuid[], 1) n (i)
where d.organization_id = (@organization_ids::uuid[])[n.i] and d.alert_id = (@alert_ids::uuid[])[n.i]
  and d.purpose = (@purposes::text[])[n.i]::delivery_purpose and d.address = (@addresses::text[])[n.i] and d.status = 'QUEUED';

-- CountMailAttempt counts the attempt that a call is about to make, for each of its deliveries.
-- name: CountMailAttempt :exec
update alert_deliveries d set
  attempts = d.attempts + 1,
  first_attempt_at = coalesce(d.first_attempt_at, c.attempted_at),
  next_attempt_at = c.next_attempt_at
from mail_calls c
join mails m on m.call_id = c.id
where c.id = @call_id and d.organization_id = m.organization_id and d.mail_id = m.id and d.status = 'QUEUED';

-- SettleMailCall stores the outcome of each mail of a call and deletes the call: accepted under the provider's id ('': not known),
-- or failed with an error ('': none). A status that the provider's events have set already stays.
-- name: SettleMailCall :exec
with ended as (
  delete from mail_calls c where c.id = @call_id
)
update alert_deliveries d set
  status = case
    when d.status <> 'QUEUED' then d.status when (@errors::text[])[n.i] = '' then 'SENT' else 'FAILED' end::delivery_status,
  provider_id = coalesce(d.provider_id, nullif((@provider_ids::text[])[n.i], '')),
  sent_at = case when (@errors::text[])[n.i] = '' then coalesce(d.sent_at, clock_timestamp()) else d.sent_at end,
  last_error = case when d.status <> 'QUEUED' then d.last_error else nullif((@errors::text[])[n.i], '') end
from generate_subscripts(@mail_ids::uuid[], 1) n (i)
where d.organization_id = (@organization_ids::uuid[])[n.i] and d.mail_id = (@mail_ids::uuid[])[n.i];

-- DelayMailCall keeps a call, with its mails and its idempotency key, for another attempt, because the provider may have accepted
-- it. An attempt that the worker itself canceled is not counted. Nothing is changed when another attempt has begun since.
-- name: DelayMailCall :exec
with delayed as (
  update mail_calls c set
    next_attempt_at = clock_timestamp() + @delay::interval,
    last_error = coalesce(sqlc.narg('last_error'), c.last_error),
    attempts = c.attempts - @uncounted::integer
  where c.id = @call_id and c.attempted_at = @attempted_at
  returning c.id, c.next_attempt_at
)
update alert_deliveries d set
  next_attempt_at = e.next_attempt_at,
  last_error = coalesce(sqlc.narg('last_error'), d.last_error),
  attempts = greatest(d.attempts - @uncounted::integer, 0)
from delayed e
join mails m on m.call_id = e.id
where d.organization_id = m.organization_id and d.mail_id = m.id and d.status = 'QUEUED';

-- DissolveMailCall deletes a call that the provider has certainly not accepted, in this attempt or any before, and queues its
-- deliveries again: they are sent in another call, under another key, and its mails have not counted against MAILS_PER_HOUR.
-- Deliveries that have waited for too long fail. Returns the deliveries as they are now. None is returned, and nothing changed, when an
-- earlier attempt may have been accepted or another has begun since.
-- name: DissolveMailCall :many
with ended as (
  delete from mail_calls c
  where c.id = @call_id and c.attempted_at = @attempted_at and c.uncertain_since = c.attempted_at
  returning c.id
), counted as materialized (
  select m.organization_id, count(*)::integer as mails from ended e join mails m on m.call_id = e.id group by m.organization_id
), locked as materialized ( -- in the order in which CountMails does
  select o.organization_id from organization_mails o
  where o.organization_id in (select k.organization_id from counted k) order by o.organization_id for update
), uncounted as (
  update organization_mails o set mails = greatest(o.mails - k.mails, 0)
  from locked l join counted k on k.organization_id = l.organization_id
  where o.organization_id = l.organization_id
)
update alert_deliveries d set
  mail_id = null,
  attempts = greatest(d.attempts - @uncounted::integer, 0),
  next_attempt_at = clock_timestamp() + @delay::interval,
  status = case when clock_timestamp() + @delay::interval >= d.first_attempt_at + @try_for::interval then 'FAILED'
    else d.status end::delivery_status,
  last_error = case when clock_timestamp() + @delay::interval >= d.first_attempt_at + @try_for::interval
    then @gave_up::text || @last_error::text else @last_error::text end
from ended e
join mails m on m.call_id = e.id
where d.organization_id = m.organization_id and d.mail_id = m.id and d.status = 'QUEUED'
returning d.*;

-- GiveUpMailCall deletes a call and fails its deliveries. Returns them. Nothing is changed when another attempt has begun since.
-- name: GiveUpMailCall :many
with over as (
  delete from mail_calls c where c.id = @call_id and c.attempted_at = @attempted_at
  returning c.id
)
update alert_deliveries d set status = 'FAILED', last_error = @last_error::text
from over o
join mails m on m.call_id = o.id
where d.organization_id = m.organization_id and d.mail_id = m.id and d.status = 'QUEUED'
returning d.*;

-- GiveUpMailCalls deletes the calls of which it is not known whether the provider accepted them, when their idempotency keys are
-- about to expire there: after that another attempt could deliver the mails twice. Fails their deliveries and returns them.
-- name: GiveUpMailCalls :many
with over as (
  delete from mail_calls c
  where c.uncertain_since <= clock_timestamp() - @key_life::interval and c.next_attempt_at <= clock_timestamp()
  returning c.id, c.last_error
)
update alert_deliveries d set status = 'FAILED', last_error = @reason::text || coalesce(': ' || o.last_error, '')
from over o
join mails m on m.call_id = o.id
where d.organization_id = m.organization_id and d.mail_id = m.id and d.status = 'QUEUED'
returning d.*;

-- SplitMailCall replaces a call that was refused as a whole by two calls with half of the mails each. Returns how many it made: 2,
-- or 0 when another attempt has begun since.
-- name: SplitMailCall :one
select split_mail_call(@call_id::uuid, @attempted_at::timestamptz)::integer as calls;

-- RaiseResetNotices queues reset notices of budgets. Returns for how many budgets it queued one.
-- name: RaiseResetNotices :one
select raise_reset_notices(@organization_id::uuid, @budget_limit_ids::uuid[], @now::timestamptz)::integer as noticed;

-- ListSuppressedAddresses returns the addresses to which an organization's mail is not sent.
-- name: ListSuppressedAddresses :many
select * from suppressed_addresses s where s.organization_id = @organization_id order by s.address;
