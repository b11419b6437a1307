package observe

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// poolCollector reports the state of a connection pool at the time of the scrape.
type poolCollector struct {
	pool    *pgxpool.Pool
	metrics []poolMetric
}

type poolMetric struct {
	description *prometheus.Desc
	kind        prometheus.ValueType
	read        func(*pgxpool.Stat) float64
}

func newPoolCollector(pool *pgxpool.Pool, poolName string) *poolCollector {
	gauge, counter := prometheus.GaugeValue, prometheus.CounterValue
	metric := func(name, help string, kind prometheus.ValueType, read func(*pgxpool.Stat) float64) poolMetric {
		return poolMetric{prometheus.NewDesc("bursar_database_pool_"+name, help, nil, prometheus.Labels{"pool": poolName}), kind, read}
	}
	return &poolCollector{pool: pool, metrics: []poolMetric{
		metric("acquired_connections", "Connections in use.", gauge,
			func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) }),
		metric("idle_connections", "Connections open and not in use.", gauge,
			func(s *pgxpool.Stat) float64 { return float64(s.IdleConns()) }),
		metric("constructing_connections", "Connections being opened.", gauge,
			func(s *pgxpool.Stat) float64 { return float64(s.ConstructingConns()) }),
		metric("max_connections", "Connections that the pool opens at most.", gauge,
			func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) }),
		metric("acquires_total", "Acquisitions of a connection that succeeded.", counter,
			func(s *pgxpool.Stat) float64 { return float64(s.AcquireCount()) }),
		metric("acquire_seconds_total", "Time that successful acquisitions took.", counter,
			func(s *pgxpool.Stat) float64 { return s.AcquireDuration().Seconds() }),
		metric("waited_acquires_total", "Acquisitions that found no idle connection and had to wait.", counter,
			func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) }),
		metric("canceled_acquires_total", "Acquisitions given up because the caller did.", counter,
			func(s *pgxpool.Stat) float64 { return float64(s.CanceledAcquireCount()) }),
		metric("opened_connections_total", "Connections opened.", counter,
			func(s *pgxpool.Stat) float64 { return float64(s.NewConnsCount()) }),
	}}
}

// Describe implements [prometheus.Collector].
func (c *poolCollector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, metric := range c.metrics {
		descriptions <- metric.description
	}
}

// Collect implements [prometheus.Collector].
func (c *poolCollector) Collect(values chan<- prometheus.Metric) {
	stat := c.pool.Stat()
	for _, metric := range c.metrics {
		values <- prometheus.MustNewConstMetric(metric.description, metric.kind, metric.read(stat))
	}
}
