package db

import "time"

// JobRun is the last run of a [Job].
type JobRun struct{ job *Job }

// LastRun returns the job's last run; nil before the first.
func (j *Job) LastRun() *JobRun {
	if j.State == nil {
		return nil
	}
	return &JobRun{j}
}

// State returns the run's state.
func (r *JobRun) State() JobState { return *r.job.State }

// StartedAt returns when the run began.
func (r *JobRun) StartedAt() time.Time { return *r.job.StartedAt }

// FinishedAt returns when the run ended; nil while it runs.
func (r *JobRun) FinishedAt() *time.Time { return r.job.FinishedAt }

// Error returns why the run failed or was interrupted; nil when it was not.
func (r *JobRun) Error() *string { return r.job.Error }
