package worker

// River's tables are not in Bursar's schema, and so not among its queries.

// hastenJobs makes jobs available that are scheduled for later, and ends a lead that lasts for longer than any does: both by a
// database's clock that was ahead. No job is enqueued ahead of its time.
const hastenJobs = `
with leads as (
  delete from river_leader l where l.expires_at > clock_timestamp() + interval '1 minute'
)
update river_job j set scheduled_at = clock_timestamp()
where j.state in ('available', 'retryable', 'scheduled') and j.scheduled_at > clock_timestamp() + interval '1 minute'`

// rescueJobs discards the jobs that are running and whose worker has not been seen for $3, if they began before that or in the
// future, and those that have been running for longer than they may: $2 seconds by kind, $1. The next run of their kind makes good
// what they have not done.
//
// River's own rescuer compares the time of the leader's machine with the database's, and so takes running jobs from their workers, or
// leaves them with those that were killed, for as long as that machine's clock is off; and it waits for the timeout of each kind.
const rescueJobs = `
update river_job j set
  state = 'discarded',
  finalized_at = clock_timestamp(),
  errors = array_append(j.errors, jsonb_build_object(
    'at', clock_timestamp(), 'attempt', j.attempt, 'error', 'its worker was killed or hangs', 'trace', ''))
from river_job r
left join unnest($1::text[], $2::float8[]) k (kind, seconds) on k.kind = r.kind
where j.id = r.id and j.state = 'running' and r.state = 'running' and (
  r.attempted_at < clock_timestamp() - make_interval(secs => k.seconds)
  or not r.attempted_at between clock_timestamp() - $3::interval and clock_timestamp()
    and not exists (
      select from workers w
      where w.id = r.attempted_by[array_upper(r.attempted_by, 1)]
        and w.seen_at between clock_timestamp() - $3::interval and clock_timestamp() + interval '1 minute'))
returning j.id, j.kind, coalesce(j.attempted_by[array_upper(j.attempted_by, 1)], '')`
