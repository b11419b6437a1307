package graph_test

import (
	"testing"
	"time"

	"bursar/db"
	"bursar/graph/graphtest"
)

// The operator sees each periodic job with its schedule and its last run, and nobody else sees any: an error may name any
// organization.
func TestJobs(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if jobs := a.Run(graphtest.RootToken, "Jobs", nil).Data["jobs"].([]any); len(jobs) != 0 {
		t.Errorf("before the first worker there are %v", jobs)
	}
	queries := db.New()
	for _, kind := range []string{"close_periods", "clean_up"} {
		if err := queries.RegisterJob(t.Context(), a.Pool, &db.RegisterJobParams{
			Kind: kind, Queue: "maintenance", Schedule: "every hour", NextRunAt: time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC),
		}); err != nil {
			t.Fatal(err)
		}
	}
	began, err := queries.BeginJobRun(t.Context(), a.Pool, &db.BeginJobRunParams{Kind: "close_periods", NextRunAt: time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	lastRun := func() object {
		t.Helper()
		jobs := a.Run(graphtest.RootToken, "Jobs", nil).Data["jobs"].([]any)
		idle, job := jobs[0].(object), jobs[1].(object)
		if idle["name"] != "clean_up" || idle["lastRun"] != nil || idle["schedule"] != "every hour" ||
			idle["nextRunAt"] != "2026-03-11T12:00:00Z" || idle["lastSucceededAt"] != nil {
			t.Errorf("a job that has not run is %v", idle)
		}
		return job["lastRun"].(object)
	}
	if run := lastRun(); run["state"] != "RUNNING" || run["finishedAt"] != nil || run["error"] != nil {
		t.Errorf("a run that has begun is %v", run)
	}
	reason := "the disk is full"
	if err := queries.EndJobRun(t.Context(), a.Pool, &db.EndJobRunParams{
		Kind: "close_periods", StartedAt: *began, State: db.JobStateFAILED, Error: &reason,
	}); err != nil {
		t.Fatal(err)
	}
	if run := lastRun(); run["state"] != "FAILED" || run["finishedAt"] == nil || run["error"] != reason {
		t.Errorf("a run that has failed is %v", run)
	}
	for _, token := range []string{a.Admin, a.Viewer, a.Gateway} {
		a.Refused(token, "Jobs", nil, "FORBIDDEN", "")
	}
	a.Refused("", "Jobs", nil, "UNAUTHENTICATED", "")
}
