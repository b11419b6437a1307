package observe

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
)

// aliveTime is how long ago a worker was seen at most that counts as running; each is seen every 10 seconds.
const aliveTime = 30 * time.Second

// clocksCollector reports the workers and the clocks, as the database knows of them at the time of the scrape. Every process on one
// database reports the same numbers: take their maximum, not their sum.
type clocksCollector struct {
	database                       db.DBTX
	workers, offset, futureBudgets *prometheus.Desc
	timeZones                      *prometheus.Desc
}

func newClocksCollector(database db.DBTX) *clocksCollector {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(name, help+"; the same in every process on one database.", nil, nil)
	}
	return &clocksCollector{
		database: database,
		workers:  describe("bursar_workers", "Workers that were seen in the last 30 seconds"),
		offset: describe("bursar_worker_clock_offset_seconds",
			"How far the clock of a worker's machine is ahead of the database's, negative when it is behind: of the worker that is farthest off, 0 without one"),
		futureBudgets: describe("bursar_future_budgets",
			"Budgets whose current period begins in the future, because the database's clock was ahead when it was opened; counted every 10 minutes"),
		timeZones: prometheus.NewDesc("bursar_time_zone_data_info", "1, with PostgreSQL's release, and with the newest of the releases "+
			"2024a, 2025a, 2026a and 2026b of the IANA time zone data whose changes it has, none where it has older ones; the same in every process on one database.",
			[]string{"postgresql", "release"}, nil),
	}
}

// Describe implements [prometheus.Collector].
func (c *clocksCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.workers, c.offset, c.futureBudgets, c.timeZones} {
		descriptions <- d
	}
}

// Collect implements [prometheus.Collector]. A failure is an invalid metric, which the handler logs and leaves out.
func (c *clocksCollector) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	clocks, err := db.New().FindWorkerClocks(ctx, c.database, aliveTime)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.workers, fmt.Errorf("find the clocks of workers: %w", err))
		return
	}
	values <- prometheus.MustNewConstMetric(c.workers, prometheus.GaugeValue, float64(clocks.Workers))
	values <- prometheus.MustNewConstMetric(c.offset, prometheus.GaugeValue, clocks.OffsetSeconds)
	check, err := db.New().GetClockCheck(ctx, c.database)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.futureBudgets, fmt.Errorf("read the check of the clock: %w", err))
		return
	}
	values <- prometheus.MustNewConstMetric(c.futureBudgets, prometheus.GaugeValue, float64(check.FutureBudgets))
	release, err := db.New().GetPostgreSQLRelease(ctx, c.database)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.timeZones, fmt.Errorf("read PostgreSQL's release: %w", err))
		return
	}
	values <- prometheus.MustNewConstMetric(c.timeZones, prometheus.GaugeValue, 1, release.ServerVersion, release.TimeZoneRelease)
}
