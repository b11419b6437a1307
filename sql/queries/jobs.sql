-- RegisterJob makes a periodic job known, with when it runs next at the earliest: a later time that is known already is another
-- worker's, which leads. What the last run was stays.
-- name: RegisterJob :exec
insert into jobs as j (kind, queue, schedule, next_run_at) values (@kind, @queue, @schedule, @next_run_at)
on conflict (kind) do update set queue = excluded.queue, schedule = excluded.schedule,
  next_run_at = greatest(j.next_run_at, excluded.next_run_at);

-- PlanJobRun notes when it is next checked whether a job has anything to do that runs only then.
-- name: PlanJobRun :exec
update jobs j set next_run_at = @next_run_at where j.kind = @kind;

-- BeginJobRun notes that a periodic job runs, and when it runs next, and returns when it began. No row for a job that is not
-- periodic.
-- name: BeginJobRun :one
update jobs j set state = 'RUNNING', started_at = clock_timestamp(), finished_at = null, error = null, next_run_at = @next_run_at
where j.kind = @kind
returning j.started_at;

-- EndJobRun counts the run that began at an instant, and notes how it ended unless another one has begun since, which is the
-- last now.
-- name: EndJobRun :exec
update jobs j set
  state = case j.started_at when @started_at::timestamptz then @state::job_state else j.state end,
  finished_at = case j.started_at when @started_at::timestamptz then clock_timestamp() else j.finished_at end,
  error = case j.started_at when @started_at::timestamptz then sqlc.narg('error') else j.error end,
  last_succeeded_at = case @state::job_state when 'SUCCEEDED' then clock_timestamp() else j.last_succeeded_at end,
  runs = j.runs + 1,
  failures = j.failures + (@state::job_state = 'FAILED')::integer
where j.kind = @kind;

-- ListJobs returns the periodic jobs, by kind. Those that no worker has had yet are not among them.
-- name: ListJobs :many
select * from jobs j order by j.kind;
