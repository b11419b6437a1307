// Package tracing sends spans of what the program does to an OpenTelemetry collector. It is off unless the standard variables
// name one. Spans hold statements without their parameters, and neither secrets nor e-mail addresses.
package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// Config says whose spans these are.
type Config struct {
	// Service names the process to the collector unless OTEL_SERVICE_NAME does.
	Service string
	Version string
	// Lookup returns environment variables. What is not read here the SDK reads from the process's environment.
	Lookup func(name string) (string, bool)
	Logger *slog.Logger
	// Secrets are taken out of spans, beside all that has the form of a secret or an e-mail address.
	Secrets []string
}

// Tracing makes and sends spans until Stop. nil is tracing that is off: its methods return what makes no spans.
type Tracing struct {
	requests *trace.TracerProvider
	// batches samples every span: those are only begun for requests that are sampled.
	batches *trace.TracerProvider
	logger  *slog.Logger
}

// New starts tracing, or returns nil when no variable asks for it. A bad variable is a [VariableError].
//
// What the SDK cannot return as an error goes to the logger as well, through its handlers, of which a process has one.
func New(ctx context.Context, config Config) (*Tracing, error) {
	s, err := readSettings(config.Lookup)
	if err != nil {
		return nil, &VariableError{err}
	}
	if s.endpoint == "" {
		return nil, nil //nolint:nilnil // nil is tracing that is off
	}
	problems := newProblems(config.Logger)
	problems.handleSDK()
	otlp, err := newExporter(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("start tracing: %w", err)
	}
	described, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(), resource.WithAttributes(
		semconv.ServiceName(config.Service), semconv.ServiceNamespace("bursar"), semconv.ServiceVersion(config.Version),
	), resource.WithFromEnv())
	if err != nil { // what could be found out is there all the same
		problems.Handle(err)
	}
	processor := trace.NewBatchSpanProcessor(newExport(otlp, config.Secrets, problems))
	tracing := start(processor, described, config.Logger)
	problems.sending.Store(true)
	return tracing, nil
}

func start(processor trace.SpanProcessor, described *resource.Resource, logger *slog.Logger) *Tracing {
	common := []trace.TracerProviderOption{trace.WithSpanProcessor(processor), trace.WithResource(described)}
	return &Tracing{
		requests: trace.NewTracerProvider(common...),
		batches:  trace.NewTracerProvider(append(common, trace.WithSampler(trace.AlwaysSample()))...),
		logger:   logger,
	}
}

func newExporter(ctx context.Context, s settings) (*otlptrace.Exporter, error) {
	if s.grpc {
		return otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(s.endpoint))
	}
	return otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(s.endpoint))
}

// Stop sends the spans that have ended and ends, within the limit. What could not be sent by then is lost, and logged.
func (t *Tracing) Stop(limit time.Duration) {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := errors.Join(t.requests.Shutdown(ctx), t.batches.Shutdown(ctx)); err != nil {
		t.logger.Warn("the last spans were not sent", "error", err)
	}
}

// VariableError is a bad value of one of OpenTelemetry's environment variables.
type VariableError struct{ err error }

func (e *VariableError) Error() string { return e.err.Error() }
func (e *VariableError) Unwrap() error { return e.err }

// Keys of this program's own attributes.
const (
	operationKey = attribute.Key("bursar.operation")      // enforcement call, as in the API
	requestsKey  = attribute.Key("bursar.batch.requests") // that a statement carries
	attemptKey   = attribute.Key("bursar.batch.attempt")  // 1 for the first statement of its requests
)
