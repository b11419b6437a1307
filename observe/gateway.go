package observe

import (
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"bursar/gateway"
	"bursar/gateway/proxy"
)

// Gateway counts and times the calls that pass through a gateway. Its labels are names of the settings and of this program: how many series there
// are does not depend on what callers ask for.
type Gateway struct {
	metrics       *Metrics
	calls         *prometheus.CounterVec
	added         *prometheus.HistogramVec
	decided       prometheus.Histogram
	firstByte     *prometheus.HistogramVec
	upstream      *prometheus.HistogramVec
	tokens        *prometheus.CounterVec
	cost          *prometheus.CounterVec
	reports       *prometheus.CounterVec
	lost          *prometheus.CounterVec
	undeliverable prometheus.Counter
}

var _ proxy.Observer = (*Gateway)(nil)

// NewGateway returns the metrics of a gateway's process.
func NewGateway(build Build, logger *slog.Logger) (*Gateway, error) {
	added := []float64{.0001, .00025, .0005, .001, .0015, .0025, .005, .01, .025, .05, .1, .5, 1, 5, 15}
	took := []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600}
	g := &Gateway{
		metrics: &Metrics{registry: prometheus.NewRegistry(), logger: logger},
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bursar_gateway_calls_total",
			Help: "Calls that are over, by the provider in the settings, the API's dialect, the kind of call and how it ended; failed_open counts those that " +
				"went on although Bursar did not answer."}, []string{"provider", "dialect", "kind", "outcome", "failed_open"}),
		added: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bursar_gateway_added_seconds", Buckets: added,
			Help: "Time from the end of a caller's request to the call of the provider: what the gateway and Bursar add."}, []string{"provider"}),
		decided: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "bursar_gateway_decision_seconds", Buckets: added,
			Help: "Time that Bursar's decisions took, with all attempts."}),
		firstByte: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bursar_gateway_upstream_first_byte_seconds", Buckets: took,
			Help: "Time from the call of a provider to the header of its answer."}, []string{"provider"}),
		upstream: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bursar_gateway_upstream_seconds", Buckets: took,
			Help: "Time from the call of a provider to the end of its answer."}, []string{"provider"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bursar_gateway_tokens_total",
			Help: "Tokens that were reported; estimated when no answer told them."}, []string{"provider", "direction", "estimated"}),
		cost: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bursar_gateway_cost_dollars_total",
			Help: "US dollars that Bursar has booked for reports."}, []string{"provider", "estimated"}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bursar_gateway_reports_total",
			Help: "Reports that Bursar has booked."}, []string{"provider", "estimated"}),
		lost: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bursar_gateway_lost_reservations_total",
			Help: "Requests to reserve whose answer did not come, so that the call was refused, by what became of them: released, nothing (was held), expired " +
				"or dropped, which expire as well."}, []string{"outcome"}),
		undeliverable: prometheus.NewCounter(prometheus.CounterOpts{Name: "bursar_gateway_undeliverable_reports_total",
			Help: "Reports that Bursar refused for good. They are in the file undeliverable.jsonl of the spool's folder."}),
	}
	return g, g.metrics.register(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build.collector(),
		g.calls, g.added, g.decided, g.firstByte, g.upstream, g.tokens, g.cost, g.reports, g.lost, g.undeliverable)
}

// Handler serves the metrics, with those of the proxy's spool.
func (g *Gateway) Handler(p *proxy.Proxy) (http.Handler, error) {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	counter := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value)
	}
	err := g.metrics.register(
		counter("bursar_gateway_leased_calls_total", "Calls that were decided out of leases, without a call to Bursar.",
			func() float64 { return float64(p.LeaseStats().Leased) }),
		counter("bursar_gateway_asked_calls_total", "Calls that Bursar was asked for although leases are on.",
			func() float64 { return float64(p.LeaseStats().Single) }),
		counter("bursar_gateway_lease_requests_granted_total", "Requests that leases held.",
			func() float64 { return float64(p.LeaseStats().Granted) }),
		counter("bursar_gateway_lease_requests_used_total", "Requests of leases that were recorded; the difference was held for nothing.",
			func() float64 { return float64(p.LeaseStats().Used) }),
		counter("bursar_gateway_leases_granted_total", "Leases that were granted, renewals included.",
			func() float64 { return float64(p.LeaseStats().Leases) }),
		counter("bursar_gateway_merged_calls_total", "Calls that are in a usage event with others.", func() float64 { return float64(p.MergedCalls()) }),
		counter("bursar_gateway_leases_denied_total", "Leases that were asked for and not granted.",
			func() float64 { return float64(p.LeaseStats().Denied) }),
		gauge("bursar_gateway_leases", "Leases that hold something.", func() float64 { return float64(p.LeaseStats().Open) }),
		gauge("bursar_gateway_lease_age_seconds", "Age of the oldest of these: that of the longest call, or at most a lease's time.",
			func() float64 { return p.LeaseStats().Oldest.Seconds() }),
		gauge("bursar_gateway_spool_entries", "Calls in flight, and reports that Bursar has not booked yet.",
			func() float64 { return float64(p.SpoolStats().Entries) }),
		gauge("bursar_gateway_spool_bytes", "Bytes of the spool that these entries take; at bursar_gateway_spool_max_bytes calls are refused.",
			func() float64 { return float64(p.SpoolStats().LiveBytes) }),
		gauge("bursar_gateway_spool_max_bytes", "Bytes of entries at which calls are refused.",
			func() float64 { return float64(p.SpoolStats().MaxLive) }),
		gauge("bursar_gateway_spool_damaged_bytes", "Bytes of the spool that could not be read when it was opened.",
			func() float64 { return float64(p.SpoolStats().Damaged) }),
	)
	return g.metrics.Handler(), err
}

// Called implements [proxy.Observer].
func (g *Gateway) Called(o proxy.Observation) {
	g.calls.WithLabelValues(o.Provider, o.Dialect, o.Kind, string(o.Outcome), yes(o.FailedOpen)).Inc()
	if o.Decided > 0 {
		g.decided.Observe(o.Decided.Seconds())
	}
	if o.Added > 0 {
		g.added.WithLabelValues(o.Provider).Observe(o.Added.Seconds())
	}
	if o.FirstByte > 0 {
		g.firstByte.WithLabelValues(o.Provider).Observe(o.FirstByte.Seconds())
		g.upstream.WithLabelValues(o.Provider).Observe(o.Upstream.Seconds())
	}
	if o.Parts.Requests > 0 {
		estimated := yes(o.Estimated)
		g.tokens.WithLabelValues(o.Provider, "input", estimated).Add(float64(o.Parts.InputTokens))
		g.tokens.WithLabelValues(o.Provider, "output", estimated).Add(float64(o.Parts.OutputTokens))
	}
}

// Recorded implements [proxy.Observer].
func (g *Gateway) Recorded(provider string, cost float64, estimated bool) {
	g.reports.WithLabelValues(provider, yes(estimated)).Inc()
	g.cost.WithLabelValues(provider, yes(estimated)).Add(cost)
}

// Lost implements [proxy.Observer].
func (g *Gateway) Lost(outcome gateway.LostOutcome) { g.lost.WithLabelValues(string(outcome)).Inc() }

// Undeliverable implements [proxy.Observer].
func (g *Gateway) Undeliverable() { g.undeliverable.Inc() }

func yes(is bool) string {
	if is {
		return "true"
	}
	return "false"
}
