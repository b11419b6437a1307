package observe

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
)

// databaseTimeout bounds the queries of one collector, so that the other metrics are served without a database.
const databaseTimeout = 2 * time.Second

// countedTime is how long ago the status of a counted delivery may have changed, but for those that are queued: a scrape must not
// read all that there have ever been.
const countedTime = 24 * time.Hour

// deliveriesCollector counts the deliveries of alert mail in the database at the time of the scrape: those that wait, and
// what became of others in the last day. Every process on one database reports the same numbers: take their maximum, not
// their sum.
type deliveriesCollector struct {
	database    db.DBTX
	description *prometheus.Desc
	oldest      *prometheus.Desc
	quota       *prometheus.Desc
}

func newDeliveriesCollector(database db.DBTX) *deliveriesCollector {
	return &deliveriesCollector{database: database, description: prometheus.NewDesc("bursar_mail_deliveries",
		"Deliveries of alert mail by status: QUEUED are all that wait, the others those that came to their status in the last 24 "+
			"hours; the same in every process on one database.",
		[]string{"status"}, nil), oldest: prometheus.NewDesc("bursar_mail_oldest_queued_seconds",
		"Age of the oldest alert mail that is still to be sent, in seconds since it was queued; 0 when none is. Above a minute "+
			"without an outage of the mail provider, mail is stuck.", nil, nil), quota: prometheus.NewDesc("bursar_mail_quota_used_up",
		"1 when the mail provider has said that its quota of mails is used up and has taken none since, else 0.", nil, nil)}
}

// Describe implements [prometheus.Collector].
func (c *deliveriesCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- c.description
	descriptions <- c.oldest
	descriptions <- c.quota
}

// Collect implements [prometheus.Collector]. A failure is an invalid metric, which the handler logs and leaves out.
func (c *deliveriesCollector) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), databaseTimeout)
	defer cancel()
	rows, err := db.New().CountDeliveries(ctx, c.database, countedTime)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.description, fmt.Errorf("count deliveries: %w", err))
		return
	}
	counts, oldest := map[db.DeliveryStatus]int64{}, 0.0
	for _, row := range rows {
		counts[row.Status] = row.Count
		if row.Status == db.DeliveryStatusQUEUED {
			oldest = max(row.OldestSeconds, 0)
		}
	}
	values <- prometheus.MustNewConstMetric(c.oldest, prometheus.GaugeValue, oldest)
	for _, status := range db.AllDeliveryStatusValues() { // also those with none, so that alerts on a rate work
		values <- prometheus.MustNewConstMetric(c.description, prometheus.GaugeValue, float64(counts[status]), string(status))
	}
	usedUp, err := db.New().IsMailQuotaUsedUp(ctx, c.database)
	if err != nil {
		values <- prometheus.NewInvalidMetric(c.quota, fmt.Errorf("read the mail provider's quota: %w", err))
		return
	}
	quota := 0.0
	if usedUp {
		quota = 1
	}
	values <- prometheus.MustNewConstMetric(c.quota, prometheus.GaugeValue, quota)
}
