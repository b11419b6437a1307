package worker

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// job returns a periodic job as the operator sees it.
func (f *fixture) job(kind string) *db.Job {
	f.T.Helper()
	jobs, err := db.New().ListJobs(context.Background(), f.Pool)
	must(f.T, err)
	for _, each := range jobs {
		if each.Kind == kind {
			return each
		}
	}
	f.T.Fatalf("there is no job %s", kind)
	return nil
}

// The operator sees how the last run of a job ended, whichever way it did, and when the next is due.
func TestRunsAreNoted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	runs := newJobRuns(config, &databaseClock{}, periodicJobs(config))
	must(t, runs.register(t.Context()))
	if jobs, err := db.New().ListJobs(t.Context(), f.Pool); err != nil || len(jobs) != len(allArgs()) {
		t.Fatalf("%d jobs are known, error %v, want each kind", len(jobs), err)
	}
	kind := job.RollUpUsage{}.Kind()
	if before := f.job(kind); before.LastRun() != nil || before.Queue != job.QueueUsage || !strings.Contains(before.Schedule, "every 1m, ") {
		t.Errorf("before its first run the job is %+v", before)
	}
	scheduled := time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)
	row := &rivertype.JobRow{Kind: kind, ScheduledAt: scheduled}
	stopping, stop := context.WithCancel(t.Context())
	for _, c := range []struct {
		ctx            context.Context
		end            func() error
		state          db.JobState
		reason         string
		runs, failures int64
	}{
		{t.Context(), func() error { return deliverytest.ErrOutage }, db.JobStateFAILED, deliverytest.ErrOutage.Error(), 1, 1},
		{t.Context(), func() error { return nil }, db.JobStateSUCCEEDED, "", 2, 1},
		{t.Context(), func() error { return errors.New(strings.Repeat("ü", maxNotedError)) }, db.JobStateFAILED, strings.Repeat("ü", maxNotedError/2), 3, 2},
		{t.Context(), func() error { panic("no reason") }, db.JobStateFAILED, "the job panicked; the log says more", 4, 3},
		{stopping, func() error { stop(); return stopping.Err() }, db.JobStateINTERRUPTED, context.Canceled.Error(), 5, 3},
	} {
		func() {
			defer func() { _ = recover() }() // River's, here
			err := runs.Work(c.ctx, row, func(context.Context) error {
				if run := f.job(kind).LastRun(); run.State() != db.JobStateRUNNING || run.FinishedAt() != nil || run.Error() != nil {
					t.Errorf("while it runs: %+v", f.job(kind))
				}
				return c.end()
			})
			if (err == nil) != (c.reason == "") {
				t.Errorf("the error of the job has become %v", err)
			}
		}()
		got := f.job(kind)
		reason := ""
		if run := got.LastRun(); run.Error() != nil {
			reason = *run.Error()
		}
		if got.LastRun().State() != c.state || reason != c.reason || got.Runs != c.runs || got.Failures != c.failures || got.FinishedAt == nil {
			t.Errorf("after a run: %+v with error %q, want %+v", got, reason, c)
		}
		if !got.NextRunAt.Equal(scheduled.Add(time.Minute)) {
			t.Errorf("the next run is at %s", got.NextRunAt)
		}
	}
	if f.job(kind).LastSucceededAt == nil {
		t.Error("a success was forgotten")
	}
}

// A worker that joins others, and leads nothing, does not make a job look overdue.
func TestJoiningWorkerKeepsTheNextRun(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	runs, kind := newJobRuns(config, &databaseClock{}, periodicJobs(config)), job.CleanUp{}.Kind()
	must(t, runs.register(t.Context()))
	if next := f.job(kind).NextRunAt; time.Until(next) > 0 {
		t.Errorf("before any worker leads the next run is at %s", next)
	}
	now := time.Now().Truncate(time.Microsecond)
	must(t, runs.Work(t.Context(), &rivertype.JobRow{Kind: kind, ScheduledAt: now}, func(context.Context) error { return nil }))
	must(t, newJobRuns(config, &databaseClock{}, periodicJobs(config)).register(t.Context()))
	if next := f.job(kind).NextRunAt; !next.Equal(now.Add(time.Hour)) {
		t.Errorf("after another worker has joined the next run is at %s, want %s", next, now.Add(time.Hour))
	}
}

// Of runs that overlap the one that began last is the last, and each is counted with its failure: one that hangs until the
// next has come and gone fails all the same.
func TestOverlappingRunsAreCounted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	runs := newJobRuns(config, &databaseClock{}, periodicJobs(config))
	must(t, runs.register(t.Context()))
	row := &rivertype.JobRow{Kind: job.DispatchAlerts{}.Kind(), ScheduledAt: time.Now()}
	err = runs.Work(t.Context(), row, func(ctx context.Context) error {
		must(t, runs.Work(ctx, row, func(context.Context) error { return nil }))
		return deliverytest.ErrOutage
	})
	if got := f.job(row.Kind); err == nil || got.Runs != 2 || got.Failures != 1 || *got.State != db.JobStateSUCCEEDED || got.Error != nil {
		t.Errorf("after both: %+v, error %v; want two runs, one failed, and the later one's success", got, err)
	}
}

// The note of a run is no condition of it: without the table's row, or the database, the job runs all the same.
func TestJobsRunWithoutTheirNote(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	ran := 0
	for _, kind := range []string{job.CleanUp{}.Kind(), "of_another_version"} { // nothing is registered
		must(t, newJobRuns(config, &databaseClock{}, periodicJobs(config)).Work(t.Context(), &rivertype.JobRow{Kind: kind}, func(context.Context) error { ran++; return nil }))
	}
	if ran != 2 {
		t.Errorf("%d of 2 jobs ran", ran)
	}
}

// A reset is due at the next quarter of an hour, or five minutes after one.
func TestNextRun(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	resets := newJobRuns(config, &databaseClock{}, periodicJobs(config)).jobs[job.ClosePeriods{}.Kind()]
	for at, want := range map[string]string{
		"2024-05-11T23:47:00Z": "2024-05-11T23:50:00Z",
		"2024-05-11T23:56:00Z": "2024-05-12T00:00:00Z",
		"2024-05-12T00:00:00Z": "2024-05-12T00:05:00Z",
	} {
		if next := resets.schedule.Next(parse(t, at)); !next.Equal(parse(t, want)) {
			t.Errorf("after %s comes %s, want %s", at, next, want)
		}
	}
}
