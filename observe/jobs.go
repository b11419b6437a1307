package observe

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
)

// countJobs reads River's table, which is not in this schema and so not among its queries. River deletes what is finished,
// so the table is small.
const countJobs = `
select
  j.kind, j.state::text, count(*)::float8,
  coalesce(extract(epoch from clock_timestamp() - min(case j.state
    when 'available' then j.scheduled_at
    when 'running' then j.attempted_at
  end)), 0)::float8
from river_job j group by j.kind, j.state`

// jobsCollector reports the background jobs at the time of the scrape: what waits and runs now, and how the periodic ones
// have ended. Every process on one database reports the same numbers: take their maximum, not their sum.
type jobsCollector struct {
	database                                                db.DBTX
	jobs, waiting, running, runs, failures, succeeded, next *prometheus.Desc
}

func newJobsCollector(database db.DBTX) *jobsCollector {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help+"; the same in every process on one database.", labels, nil)
	}
	return &jobsCollector{
		database: database,
		jobs:     describe("bursar_jobs", "Jobs in the queue, by kind and state", "job", "state"),
		waiting: describe("bursar_job_oldest_available_seconds",
			"How long the oldest job of a kind has been due without a worker taking it", "job"),
		running:  describe("bursar_job_oldest_running_seconds", "How long the oldest running job of a kind has been running", "job"),
		runs:     describe("bursar_job_runs_total", "Runs of a periodic job that ended, whichever way", "job"),
		failures: describe("bursar_job_failures_total", "Runs of a periodic job that failed", "job"),
		succeeded: describe("bursar_job_last_success_timestamp_seconds",
			"When a periodic job last succeeded; missing until it has", "job"),
		next: describe("bursar_job_next_run_timestamp_seconds",
			"When a periodic job runs next; in the past when no worker runs", "job"),
	}
}

// Describe implements [prometheus.Collector].
func (c *jobsCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.jobs, c.waiting, c.running, c.runs, c.failures, c.succeeded, c.next} {
		descriptions <- d
	}
}

// Collect implements [prometheus.Collector]. A failure is an invalid metric, which the handler logs and leaves out.
func (c *jobsCollector) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	if err := c.collectQueue(ctx, values); err != nil {
		values <- prometheus.NewInvalidMetric(c.jobs, fmt.Errorf("count jobs: %w", err))
	}
	if err := c.collectRuns(ctx, values); err != nil {
		values <- prometheus.NewInvalidMetric(c.runs, fmt.Errorf("list the periodic jobs: %w", err))
	}
}

func (c *jobsCollector) collectQueue(ctx context.Context, values chan<- prometheus.Metric) error {
	rows, err := c.database.Query(ctx, countJobs)
	if err != nil {
		return err
	}
	var kind, state string
	var number, seconds float64
	_, err = pgx.ForEachRow(rows, []any{&kind, &state, &number, &seconds}, func() error {
		values <- prometheus.MustNewConstMetric(c.jobs, prometheus.GaugeValue, number, kind, state)
		switch state {
		case "available":
			values <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, seconds, kind)
		case "running":
			values <- prometheus.MustNewConstMetric(c.running, prometheus.GaugeValue, seconds, kind)
		}
		return nil
	})
	return err
}

func (c *jobsCollector) collectRuns(ctx context.Context, values chan<- prometheus.Metric) error {
	jobs, err := db.New().ListJobs(ctx, c.database)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		values <- prometheus.MustNewConstMetric(c.runs, prometheus.CounterValue, float64(job.Runs), job.Kind)
		values <- prometheus.MustNewConstMetric(c.failures, prometheus.CounterValue, float64(job.Failures), job.Kind)
		values <- prometheus.MustNewConstMetric(c.next, prometheus.GaugeValue, float64(job.NextRunAt.UnixMilli())/1000, job.Kind)
		if job.LastSucceededAt != nil {
			values <- prometheus.MustNewConstMetric(c.succeeded, prometheus.GaugeValue,
				float64(job.LastSucceededAt.UnixMilli())/1000, job.Kind)
		}
	}
	return nil
}
