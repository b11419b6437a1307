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
