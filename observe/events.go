package observe

import "github.com/prometheus/client_golang/prometheus"

// CountRefusedEvents registers the metric of delivery events that were refused, with all reasons that there are, and returns what counts
// one.
func CountRefusedEvents[R ~string](m *Metrics, reasons []R) (func(reason R), error) {
	refused := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_delivery_events_refused_total",
		Help: "Requests for the path of the mail provider's delivery events that were refused, by reason. Anybody can cause them.",
	}, []string{"reason"})
	for _, reason := range reasons { // so that the first of them shows as an increase
		refused.WithLabelValues(string(reason))
	}
	return func(reason R) { refused.WithLabelValues(string(reason)).Inc() }, m.registry.Register(refused)
}
