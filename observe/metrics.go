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
	return NewCellMetrics([]Cell{{Database: database, Pools: pools}}, build, logger)
}

// Cell is one of several databases that a process works with.
type Cell struct {
	Name     string // the label cell of its metrics; "": they have none
	Database db.DBTX
	Pools    map[string]*pgxpool.Pool
}

// NewCellMetrics is NewMetrics for several databases. What is of one has the label cell: the sum over cells of what is the same in every process is the installation's.
func NewCellMetrics(cells []Cell, build Build, logger *slog.Logger) (*Metrics, error) {
	m := &Metrics{registry: prometheus.NewRegistry(), logger: logger}
	failed := m.register(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build.collector())
	for _, cell := range cells {
		all := []prometheus.Collector{
			newDeliveriesCollector(cell.Database), newJobsCollector(cell.Database), newClocksCollector(cell.Database), newRollupCollector(cell.Database),
		}
		for name, pool := range cell.Pools {
			all = append(all, newPoolCollector(pool, name))
		}
		failed = errors.Join(failed, register(m.of(cell.Name), all...))
	}
	return m, failed
}

// of returns the registry of what is of one cell; "": there is one database.
func (m *Metrics) of(cell string) prometheus.Registerer {
	if cell == "" {
		return m.registry
	}
	return prometheus.WrapRegistererWith(prometheus.Labels{"cell": cell}, m.registry)
}

func (m *Metrics) register(all ...prometheus.Collector) error { return register(m.registry, all...) }

func register(registry prometheus.Registerer, all ...prometheus.Collector) error {
	var failed error
	for _, collector := range all {
		failed = errors.Join(failed, registry.Register(collector))
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
