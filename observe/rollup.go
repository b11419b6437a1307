package observe

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
)

// maxCountedLag is how far the rows that are not rolled up are counted: a scrape must not read a backlog of millions.
const maxCountedLag = 100_000

// rollupCollector reports how far the roll-ups are behind the ledger at the time of the scrape. Reports are exact all the
// same; they get slower.
type rollupCollector struct {
	database      db.DBTX
	seconds, rows *prometheus.Desc
}

func newRollupCollector(database db.DBTX) *rollupCollector {
	return &rollupCollector{
		database: database,
		seconds: prometheus.NewDesc("bursar_rollup_lag_seconds",
			"Age of the oldest ledger row that is not rolled up, 0 without one; the same in every process on one database.", nil, nil),
		rows: prometheus.NewDesc("bursar_rollup_lag_rows",
			"Ledger rows that are not rolled up, counted to 100,000; the same in every process on one database.", nil, nil),
	}
}

// Describe implements [prometheus.Collector].
func (c *rollupCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- c.seconds
	descriptions <- c.rows
}

// Collect implements [prometheus.Collector]. A failure is an invalid metric, which the handler logs and leaves out.
func (c *rollupCollector) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	lag, err := db.New().FindRollupLag(ctx, c.database, maxCountedLag)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.seconds, fmt.Errorf("find the lag of the roll-ups: %w", err))
		return
	}
	values <- prometheus.MustNewConstMetric(c.seconds, prometheus.GaugeValue, lag.Seconds)
	values <- prometheus.MustNewConstMetric(c.rows, prometheus.GaugeValue, float64(lag.Events))
}
