package observe

import (
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"
)

// CountGRPC registers the metric of gRPC calls and returns what counts one. Methods are those of the server's own services.
func CountGRPC(m *Metrics) (func(method string, code codes.Code), error) {
	calls := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_grpc_calls_total",
		Help: "gRPC calls that were answered, by method and code. A denial is OK; most gateways let a request pass whose call failed.",
	}, []string{"method", "code"})
	return func(method string, code codes.Code) { calls.WithLabelValues(method, code.String()).Inc() }, m.registry.Register(calls)
}
