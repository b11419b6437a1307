package observe

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db/standby"
)

// StandbyMetrics counts reads that standbys may answer, as an observer of a [standby.Set].
type StandbyMetrics struct {
	reads     *prometheus.CounterVec
	fallbacks *prometheus.CounterVec
}

// NewStandbyMetrics returns counters of reads; ObserveStandbys registers them.
func NewStandbyMetrics() *StandbyMetrics {
	s := &StandbyMetrics{
		reads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bursar_reads_total", Help: "Operations that a standby may answer, by what answers them: primary or standby.",
		}, []string{"source"}),
		fallbacks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bursar_read_fallbacks_total",
			Help: "Operations that the primary answers, or goes on with, in place of a standby, by reason.",
		}, []string{"reason"}),
	}
	for _, reason := range standby.Reasons() { // so that the first of them shows as an increase
		s.fallbacks.WithLabelValues(string(reason))
	}
	return s
}

// Read implements [standby.Observer].
func (s *StandbyMetrics) Read(byStandby bool) {
	source := "primary"
	if byStandby {
		source = "standby"
	}
	s.reads.WithLabelValues(source).Inc()
}

// FellBack implements [standby.Observer].
func (s *StandbyMetrics) FellBack(reason standby.Reason) {
	s.fallbacks.WithLabelValues(string(reason)).Inc()
}

// ObserveStandbys registers the metrics of standbys, and of the reads that counters have counted.
func (m *Metrics) ObserveStandbys(standbys *standby.Set, counters *StandbyMetrics) error {
	failed := errors.Join(m.registry.Register(counters.reads), m.registry.Register(counters.fallbacks))
	for i, state := range standbys.States() {
		gauge := func(name, help string, read func(standby.State) float64) {
			failed = errors.Join(failed, m.registry.Register(prometheus.NewGaugeFunc(
				prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: prometheus.Labels{"standby": state.Name}},
				func() float64 { return read(standbys.States()[i]) })))
		}
		gauge("bursar_standby_used", "1 while a standby answers reads, 0 while it is left.", func(s standby.State) float64 {
			if s.Used {
				return 1
			}
			return 0
		})
		gauge("bursar_standby_lag_seconds", "How long ago the primary was where a standby is now; 0 while it is in step, or left.",
			func(s standby.State) float64 { return s.Lag.Seconds() })
	}
	return failed
}
