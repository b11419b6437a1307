package tracing

import (
	"net/http"
	"slices"
	"strings"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"
	"github.com/riverqueue/rivercontrib/otelriver"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Handler makes a span of each request that a handler serves but for probes and scrapes, as a child of the span that the
// caller's traceparent names. It returns the handler itself when tracing is off.
func (t *Tracing) Handler(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return otelhttp.NewHandler(withRoute(next), "", // named by method and route
		otelhttp.WithTracerProvider(t.requests), otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(func(r *http.Request) bool {
			return !slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, r.URL.Path)
		}))
}

// withRoute notes the mux's pattern, which is known once the mux has served the request.
func withRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if _, path, found := strings.Cut(r.Pattern, "/"); found {
			trace.SpanFromContext(r.Context()).SetAttributes(semconv.HTTPRoute("/" + path))
		}
	})
}

// Transport makes a span of each call to another service. That service is not told of the trace. It returns the transport
// itself, which may be nil, when tracing is off.
func (t *Tracing) Transport(base http.RoundTripper) http.RoundTripper {
	if t == nil {
		return base
	}
	return otelhttp.NewTransport(base, otelhttp.WithTracerProvider(t.requests),
		otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.NewCompositeTextMapPropagator()))
}

// Provider returns what makes spans of other kinds; nil when tracing is off.
func (t *Tracing) Provider() trace.TracerProvider {
	if t == nil {
		return nil
	}
	return t.requests
}

// Statements makes spans of a pool's statements, without their parameters, where there is a span to put them under. It is nil
// when tracing is off.
func (t *Tracing) Statements() pgx.QueryTracer {
	if t == nil {
		return nil
	}
	return otelpgx.NewTracer(otelpgx.WithTracerProvider(t.requests), otelpgx.WithMeterProvider(noop.NewMeterProvider()),
		otelpgx.WithDisableConnectionDetailsInAttributes(),
		otelpgx.WithQuerySpanNamePrefix(), otelpgx.WithSpanNameFunc(statementName)) // query ReserveUsage, prepare ReserveUsage
}

// statementName returns the name that sqlc gives a statement, else its first word.
func statementName(statement string) string {
	if named, found := strings.CutPrefix(statement, "-- name: "); found {
		name, _, _ := strings.Cut(named, " ")
		return name
	}
	return otelpgx.SQLOperationName(nil, statement) //nolint:staticcheck // it ignores its context
}

// Jobs returns what makes a span of each job that is worked or enqueued, with a link from the former to the latter. It is
// nothing when tracing is off.
func (t *Tracing) Jobs() []rivertype.Middleware {
	if t == nil {
		return nil
	}
	return []rivertype.Middleware{otelriver.NewMiddleware(&otelriver.MiddlewareConfig{
		EnableTracePropagation: true, EnableWorkSpanJobKindSuffix: true,
		TracerProvider: t.requests, MeterProvider: noop.NewMeterProvider(),
	})}
}
