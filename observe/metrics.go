package observe

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"bursar/db"
)

// Metrics is a registry with everything that one process reports.
type Metrics struct {
	registry *prometheus.Registry
	logger   *slog.Logger
}

// NewMetrics returns the metrics of the Go runtime, the process, the build, the process's connection pools by name, and the
// mail, the jobs and the roll-ups that the database knows of. The database must show the rows of all organizations.
func NewMetrics(database db.DBTX, pools map[string]*pgxpool.Pool, build Build, logger *slog.Logger) (*Metrics, error) {
	m := &Metrics{registry: prometheus.NewRegistry(), logger: logger}
	all := []prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build.collector(),
		newDeliveriesCollector(database),
		newJobsCollector(database),
		newClocksCollector(database),
		newRollupCollector(database),
	}
	for name, pool := range pools {
		all = append(all, newPoolCollector(pool, name))
	}
	return m, m.register(all...)
}

func (m *Metrics) register(all ...prometheus.Collector) error {
	var failed error
	for _, collector := range all {
		failed = errors.Join(failed, m.registry.Register(collector))
	}
	return failed
}

// Handler serves the metrics. A metric that cannot be read is left out and logged; the others are served.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:      slog.NewLogLogger(m.logger.Handler(), slog.LevelWarn),
		ErrorHandling: promhttp.ContinueOnError,
		// Each scrape runs a few statements. Scrapes by anonymous callers must not load the database.
		MaxRequestsInFlight: 4,
	})
}
