-- RegisterJob makes a periodic job known, with when it runs next; what its last run was stays.
-- name: RegisterJob :exec
insert into jobs as j (kind, queue, schedule, next_run_at) values (@kind, @queue, @schedule, @next_run_at)
on conflict (kind) do update set queue = excluded.queue, schedule = excluded.schedule, next_run_at = excluded.next_run_at;

-- BeginJobRun notes that a periodic job runs, and when it runs next, and returns when it began. No row for a job that is not
-- periodic.
-- name: BeginJobRun :one
update jobs j set state = 'RUNNING', started_at = clock_timestamp(), finished_at = null, error = null, next_run_at = @next_run_at
where j.kind = @kind
returning j.started_at;

-- EndJobRun notes how the run ended that began at an instant; a run that another one has followed is not the last any more.
-- name: EndJobRun :exec
update jobs j set
  state = @state::job_state,
  finished_at = clock_timestamp(),
  error = sqlc.narg('error'),
  last_succeeded_at = case @state::job_state when 'SUCCEEDED' then clock_timestamp() else j.last_succeeded_at end,
  runs = j.runs + 1,
  failures = j.failures + (@state::job_state = 'FAILED')::integer
where j.kind = @kind and j.started_at = @started_at::timestamptz;

-- ListJobs returns the periodic jobs, by kind. Those that no worker has had yet are not among them.
-- name: ListJobs :many
select * from jobs j order by j.kind;
