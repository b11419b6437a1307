-- RegisterJob stores a periodic job with the earliest time of its next run. A later time that is stored already stays: the leading
-- worker has set it. The last run stays, too.
-- name: RegisterJob :exec
insert into jobs as j (kind, queue, schedule, next_run_at) values (@kind, @queue, @schedule, @next_run_at)
on conflict (kind) do update set queue = excluded.queue, schedule = excluded.schedule,
  next_run_at = greatest(j.next_run_at, excluded.next_run_at);

-- PlanJobRun stores when it is next checked whether a job has work, for jobs that run only when they have.
-- name: PlanJobRun :exec
update jobs j set next_run_at = @next_run_at where j.kind = @kind;

-- BeginJobRun stores that a periodic job runs, and the time of its next run. Returns when this one began; no row for a job that is
-- not periodic.
-- name: BeginJobRun :one
update jobs j set state = 'RUNNING', started_at = clock_timestamp(), finished_at = null, error = null, next_run_at = @next_run_at
where j.kind = @kind
returning j.started_at;

-- EndJobRun counts the run that began at an instant. It stores the outcome unless another run has begun since, which is the last
-- one then.
-- name: EndJobRun :exec
update jobs j set
  state = case j.started_at when @started_at::timestamptz then @state::job_state else j.state end,
  finished_at = case j.started_at when @started_at::timestamptz then clock_timestamp() else j.finished_at end,
  error = case j.started_at when @started_at::timestamptz then sqlc.narg('error') else j.error end,
  last_succeeded_at = case @state::job_state when 'SUCCEEDED' then clock_timestamp() else j.last_succeeded_at end,
  runs = j.runs + 1,
  failures = j.failures + (@state::job_state = 'FAILED')::integer
where j.kind = @kind;

-- ListJobs returns the periodic jobs, by kind: those that a worker has registered.
-- name: ListJobs :many
select * from jobs j order by j.kind;

-- ReadClock returns the database's clock.
-- name: ReadClock :one
select clock_timestamp()::timestamptz as now;

-- NoteWorker stores that a worker runs, and how far its clock is ahead of the database's. Workers that have not been seen for an hour
-- are deleted, and so are those that were seen in the future, because the database's clock was ahead: one that runs comes back.
-- name: NoteWorker :exec
with gone as (
  delete from workers w
  where w.id <> @id and not w.seen_at between clock_timestamp() - interval '1 hour' and clock_timestamp() + interval '1 minute'
)
insert into workers (id, seen_at, clock_offset) values (@id, clock_timestamp(), @clock_offset)
on conflict (id) do update set seen_at = excluded.seen_at, clock_offset = excluded.clock_offset;

-- DeleteWorker deletes a worker that has stopped.
-- name: DeleteWorker :exec
delete from workers w where w.id = @id;

-- FindWorkerClocks returns how many workers were seen within a time, and, in seconds, how far the clock of the one that is farthest off
-- is ahead of the database's; negative: behind.
-- name: FindWorkerClocks :one
select count(*) as workers,
  coalesce((array_agg(extract(epoch from w.clock_offset) order by abs(extract(epoch from w.clock_offset)) desc))[1], 0)::float8 as offset_seconds
from workers w
where w.seen_at between clock_timestamp() - @within::interval and clock_timestamp() + interval '1 minute';

-- FindFutureBudgets returns budgets whose current period begins in the future, at most the given number, and how many there are. It
-- reads all counters.
-- name: FindFutureBudgets :many
select c.organization_id, c.limit_id, c.period_start, count(*) over () as total from counters c
where c.kind = 'BUDGET' and c.period_start > clock_timestamp()
order by c.period_start desc, c.limit_id limit @number;

-- NoteFutureBudgets stores how many budgets have a current period that begins in the future.
-- name: NoteFutureBudgets :exec
update clock_checks set future_budgets = @future_budgets, checked_at = clock_timestamp();

-- GetClockCheck returns what NoteFutureBudgets stored last.
-- name: GetClockCheck :one
select * from clock_checks;

-- GetPostgreSQLRelease returns PostgreSQL's own release, and the newest of the releases of time zone data that can be told apart whose changes
-- it has ('': it has older ones).
-- name: GetPostgreSQLRelease :one
select current_setting('server_version')::text as server_version, time_zone_release()::text as time_zone_release;
