package observe

import (
	"cmp"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/enforce"
	"bursar/fault"
)

// noOperation is the label of errors that are about a request as a whole.
const noOperation = "none"

// APIMetrics counts errors and times admission, as an observer of the API.
type APIMetrics struct {
	errors *prometheus.CounterVec
	waits  *prometheus.HistogramVec
	lost   prometheus.Counter
	open   prometheus.Gauge
	ended  *prometheus.CounterVec
}

// ObserveAPI registers the metrics of the API.
func (m *Metrics) ObserveAPI() (*APIMetrics, error) {
	a := &APIMetrics{
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bursar_errors_total",
			Help: "Errors that clients were told, by operation (none: the request as a whole) and code. Most have HTTP status 200.",
		}, []string{"operation", "code"}),
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "bursar_admission_wait_seconds",
			Help:    "Time that requests other than enforcement calls waited for a slot, by slot and outcome.",
			Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"slot", "outcome"}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "bursar_denials_lost_total",
			Help: "Denied requests that are missing in the counts of denials: there were too many keys and limits at a time, or a write " +
				"may have failed.",
		}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "bursar_event_streams", Help: "Streams of events that are open.",
		}),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bursar_event_streams_ended_total",
			Help: "Streams of events that have ended, by reason: the client left, was too slow, may not listen any more, the organization has moved to another cell, or the server stopped.",
		}, []string{"reason"}),
	}
	for _, operation := range enforce.AllOperations() { // so that the first of them shows as an increase
		for _, code := range []fault.Code{fault.Unavailable, fault.Internal} {
			a.errors.WithLabelValues(operation.String(), string(code))
		}
	}
	return a, errors.Join(m.registry.Register(a.errors), m.registry.Register(a.waits), m.registry.Register(a.lost), m.registry.Register(a.open),
		m.registry.Register(a.ended))
}

// Failed counts an error that a client was told: the operation is a root field of the schema, or "" for what is about a request
// as a whole.
func (a *APIMetrics) Failed(operation string, code fault.Code) {
	a.errors.WithLabelValues(cmp.Or(operation, noOperation), string(code)).Inc()
}

// WaitedForSlot notes how long a request waited for a slot of admission, and how that ended.
func (a *APIMetrics) WaitedForSlot(slot, outcome string, wait time.Duration) {
	a.waits.WithLabelValues(slot, outcome).Observe(wait.Seconds())
}

// LostDenials counts denied requests that are missing in the counts of them.
func (a *APIMetrics) LostDenials(requests int64) { a.lost.Add(float64(requests)) }

// StreamOpened counts a stream of events that begins.
func (a *APIMetrics) StreamOpened() { a.open.Inc() }

// StreamEnded counts a stream of events that has ended, and why.
func (a *APIMetrics) StreamEnded(reason string) {
	a.open.Dec()
	a.ended.WithLabelValues(reason).Inc()
}
