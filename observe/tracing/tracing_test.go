package tracing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"

	"bursar/enforce"
	"bursar/observe/tracing/tracingtest"
)

// variables are environment variables.
type variables map[string]string

func (v variables) lookup(name string) (string, bool) {
	value, set := v[name]
	return value, set
}

// Guarantee: what the standard variables say is what counts, the ones for traces before the general ones; a bad value names its
// variable and not itself, for a URL may hold a password.
func TestSettings(t *testing.T) {
	t.Parallel()
	const endpoint, traces, protocol = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL"
	for name, test := range map[string]struct {
		variables variables
		want      settings
		err       string
	}{
		"nothing":              {nil, settings{}, ""},
		"an empty endpoint":    {variables{endpoint: " "}, settings{}, ""},
		"an endpoint":          {variables{endpoint: "http://c:4318"}, settings{"http://c:4318/v1/traces", false}, ""},
		"an endpoint's path":   {variables{endpoint: "https://c/otlp/"}, settings{"https://c/otlp/v1/traces", false}, ""},
		"one for traces":       {variables{endpoint: "http://c:4318", traces: "http://t/x"}, settings{"http://t/x", false}, ""},
		"grpc":                 {variables{endpoint: "http://c:4317", protocol: "grpc"}, settings{"http://c:4317", true}, ""},
		"json":                 {variables{endpoint: "http://c", protocol: "http/json"}, settings{"http://c/v1/traces", false}, ""},
		"protocol of traces":   {variables{traces: "http://c", protocol: "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"}, settings{"http://c", false}, ""},
		"disabled":             {variables{endpoint: "http://c", "OTEL_SDK_DISABLED": "TRUE"}, settings{}, ""},
		"not disabled":         {variables{endpoint: "http://c", "OTEL_SDK_DISABLED": "false"}, settings{"http://c/v1/traces", false}, ""},
		"no exporter":          {variables{endpoint: "http://c", "OTEL_TRACES_EXPORTER": "none"}, settings{}, ""},
		"another exporter":     {variables{endpoint: "http://c", "OTEL_TRACES_EXPORTER": "zipkin"}, settings{}, "OTEL_TRACES_EXPORTER: "},
		"another protocol":     {variables{endpoint: "http://c", protocol: "udp"}, settings{}, protocol + ": "},
		"an endpoint's scheme": {variables{endpoint: "localhost:secret"}, settings{}, endpoint + ": "},
		"no URL":               {variables{endpoint: "http://u:secret@[::1"}, settings{}, endpoint + ": "},
		"no host":              {variables{traces: "http:///secret"}, settings{}, traces + ": "},
	} {
		got, err := readSettings(test.variables.lookup)
		if got != test.want || (err == nil) != (test.err == "") {
			t.Errorf("%s: %+v and %v, want %+v and %q", name, got, err, test.want, test.err)
		}
		if err != nil && (!strings.HasPrefix(err.Error(), test.err) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Guarantee: without an endpoint tracing is nothing at all: what it returns for handlers, pools, jobs, calls and enforcement is
// what they are without it.
func TestOff(t *testing.T) {
	t.Parallel()
	off, err := New(t.Context(), Config{Lookup: variables{}.lookup})
	if off != nil || err != nil {
		t.Fatalf("%v, %v", off, err)
	}
	mux := http.NewServeMux()
	if off.Handler(mux) != http.Handler(mux) || off.Transport(http.DefaultTransport) != http.DefaultTransport || off.Transport(nil) != nil ||
		off.Statements() != nil || off.Jobs() != nil || off.Enforcement() != nil {
		t.Error("tracing that is off leaves something behind")
	}
	off.Stop(time.Second)
}

// recorded returns tracing whose spans are kept by an exporter as they would be sent.
func recorded(logger *slog.Logger, secrets ...string) (*Tracing, *tracetest.InMemoryExporter) {
	sent := tracetest.NewInMemoryExporter()
	return start(trace.NewSimpleSpanProcessor(newExport(sent, secrets, newProblems(logger))), resource.Empty(), logger), sent
}

// Guarantee: names, texts, lists, events and the status of a span are sent without secrets and addresses; all else as it is.
func TestSpansHoldNoSecret(t *testing.T) {
	t.Parallel()
	tracing, sent := recorded(slog.New(slog.DiscardHandler), "chosen-by-somebody")
	token, address := "bst_"+strings.Repeat("x", 40), "Somebody.Else+x@acme.example"
	_, span := tracing.requests.Tracer("test").Start(t.Context(), "GET /"+token, oteltrace.WithAttributes(
		attribute.String("text", "a <"+address+"> b chosen-by-somebody"), attribute.StringSlice("list", []string{"one", token}),
		attribute.Int("number", 7), attribute.String("statement", "select a @> b, c@d from t where x = $1"),
		attribute.Slice("values", attribute.StringValue(token))))
	span.RecordError(errors.New("refused: " + address))
	span.SetStatus(codes.Error, "no mail to "+address)
	span.End()
	spans := sent.GetSpans()
	if len(spans) != 1 {
		t.Fatalf("%d spans", len(spans))
	}
	text := fmt.Sprintf("%+v %v", spans[0], spans[0].Attributes)
	for _, secret := range []string{token, address, "acme.example", "chosen-by-somebody"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is sent: %s", secret, text)
		}
	}
	for _, kept := range []string{"a <[address]> b [secret]", "one", "refused: [address]", "no mail to [address]", `{"number":7}`, "a @> b, c@d from"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is lost: %s", kept, text)
		}
	}
}

// Guarantee: of a batch only sampled requests make spans, and none when no request is; a repetition has no wait; a failure is
// the batch's.
func TestBatches(t *testing.T) {
	t.Parallel()
	tracing, sent := recorded(slog.New(slog.DiscardHandler))
	sampled, request := tracing.requests.Tracer("test").Start(t.Context(), "request")
	arrived := time.Now().Add(-time.Minute)
	requests := func(all ...context.Context) iter.Seq2[context.Context, time.Time] {
		return func(yield func(context.Context, time.Time) bool) {
			for _, ctx := range all {
				if !yield(ctx, arrived) {
					return
				}
			}
		}
	}
	enforcement := tracing.Enforcement()
	if ctx := enforcement.Start(t.Context(), enforce.CheckUsage, 1, requests(t.Context())); ctx != t.Context() {
		t.Error("a batch without a sampled request has a span")
	}
	enforcement.End(t.Context(), nil)
	enforcement.End(enforcement.Start(t.Context(), enforce.ReserveUsage, 1, requests(t.Context(), sampled)), nil)
	enforcement.End(enforcement.Start(t.Context(), enforce.ReserveUsage, 2, requests(sampled)), errors.New("gone"))
	request.End()
	enforcement.End(enforcement.Start(t.Context(), enforce.ReserveUsage, 3, requests(sampled)), nil) // has been answered

	spans := sent.GetSpans().Snapshots()
	var names []string
	for _, span := range spans {
		names = append(names, span.Name())
	}
	if want := "reserveUsage wait,reserveUsage batch,reserveUsage batch,request"; strings.Join(names, ",") != want {
		t.Fatalf("the spans are %q, want %s", names, want)
	}
	wait, first, second := spans[0], spans[1], spans[2]
	if wait.EndTime().Sub(wait.StartTime()) < time.Minute || wait.Parent().SpanID() != request.SpanContext().SpanID() ||
		wait.Links()[0].SpanContext.SpanID() != first.SpanContext().SpanID() {
		t.Errorf("the wait is %+v", wait)
	}
	for _, batch := range []trace.ReadOnlySpan{first, second} {
		if batch.Parent().IsValid() || len(batch.Links()) != 1 || batch.Links()[0].SpanContext.SpanID() != request.SpanContext().SpanID() {
			t.Errorf("the batch is %+v", batch)
		}
	}
	if first.Status().Code != codes.Unset || second.Status() != (trace.Status{Code: codes.Error, Description: "gone"}) {
		t.Errorf("the batches end with %v and %v", first.Status(), second.Status())
	}
	want := `[{"bursar.operation":"reserveUsage"} {"bursar.batch.requests":2} {"bursar.batch.attempt":1}]`
	if got := fmt.Sprint(first.Attributes()); got != want {
		t.Errorf("the batch's attributes are %s, want %s", got, want)
	}
}

// broken is an exporter that fails.
type broken struct{ trace.SpanExporter }

func (broken) ExportSpans(context.Context, []trace.ReadOnlySpan) error {
	return errors.New("no collector" + strings.Repeat("!", 5000))
}

// Guarantee: a collector that refuses every span is one line in the log a minute, of a bounded length, and no caller's error;
// what is wrong with variables is a line each.
func TestFailuresAreLoggedNowAndThen(t *testing.T) {
	t.Parallel()
	log := &bytes.Buffer{}
	failures := newProblems(slog.New(slog.NewTextHandler(log, nil)))
	for range 2 {
		failures.Handle(errors.New("a bad variable"))
	}
	if lines := strings.Count(log.String(), "a bad variable"); lines != 2 {
		t.Errorf("%d lines of two bad variables: %s", lines, log)
	}
	log.Reset()
	failures.sending.Store(true)
	e := newExport(broken{}, nil, failures)
	for range 1000 {
		if err := e.ExportSpans(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 || log.Len() > 2*maxProblemBytes || !strings.Contains(log.String(), "no collector") {
		t.Errorf("%d lines: %s", lines, log)
	}
}

// Guarantee: what the SDK says of variables goes to the log without their values.
func TestWarningsOfTheSDK(t *testing.T) {
	t.Parallel()
	log := &bytes.Buffer{}
	sdk := sdkLog{slog.New(slog.NewTextHandler(log, nil))}
	sdk.Error(errors.New("missing '='"), "parse headers", "input", "api-key secret")
	sdk.Info(sdkWarning, "a limit is reached", "value", "secret")
	if text := log.String(); strings.Contains(text, "secret") || !strings.Contains(text, "parse headers") || !strings.Contains(text, "a limit is reached") {
		t.Error(text)
	}
	if sdk.Enabled(sdkWarning + 1) {
		t.Error("lines that only inform are logged")
	}
}

// Guarantee: ending waits for a collector that does not answer no longer than its limit, and says that spans are lost.
func TestStopWaitsForNobody(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer hanging.Close()
	defer close(released)
	log := &bytes.Buffer{}
	tracing, err := New(t.Context(), Config{
		Service: "test", Logger: slog.New(slog.NewTextHandler(log, nil)),
		Lookup: variables{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": hanging.URL}.lookup,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracing.requests.Tracer("test").Start(t.Context(), "span")
	span.End()
	began := time.Now()
	tracing.Stop(100 * time.Millisecond)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if !strings.Contains(log.String(), "spans were not sent") {
		t.Errorf("the log says %q", log)
	}
}

// Guarantee: the service has its name and OTEL_SERVICE_NAME counts for more; requests are children of the caller's span, named by
// their route.
func TestRequests(t *testing.T) {
	t.Parallel()
	collector := tracingtest.New(t)
	tracing, err := New(t.Context(), Config{
		Service: "test", Logger: slog.New(slog.DiscardHandler),
		Lookup: variables{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}.lookup,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /things/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("GET /metrics", func(http.ResponseWriter, *http.Request) {})
	handler := tracing.Handler(mux)
	for _, path := range []string{"/things/1", "/metrics"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	tracing.Stop(10 * time.Second)
	served := collector.Span("GET /things/{id}")
	if served.Trace() != "4bf92f3577b34da6a3ce929d0e0e4736" || served.Parent() != "00f067aa0ba902b7" ||
		served.Attribute("http.route") != "/things/{id}" || os.Getenv("OTEL_SERVICE_NAME") == "" && served.Service != "test" {
		t.Errorf("the request is %s", served)
	}
	if strings.Contains(collector.Text(), "/metrics") {
		t.Error("a scrape has a span")
	}
}

// Guarantee: a collector that is spoken to by gRPC gets the same spans.
func TestGRPC(t *testing.T) {
	t.Parallel()
	collector := tracingtest.New(t)
	tracing, err := New(t.Context(), Config{
		Service: "test", Logger: slog.New(slog.DiscardHandler),
		Lookup: variables{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.ServeGRPC(t), "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}.lookup,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracing.requests.Tracer("test").Start(t.Context(), "a span")
	span.End()
	tracing.Stop(10 * time.Second)
	if sent := collector.Span("a span"); sent.ID() != span.SpanContext().SpanID().String() {
		t.Errorf("the span is %s", sent)
	}
}

// Guarantee: a statement's span has the name that sqlc gave it, else its first word.
func TestStatementNames(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]string{
		"-- name: ReserveUsage :many\nselect 1": "ReserveUsage",
		"select set_config('role', $1, true)":   "SELECT",
		"-- a comment\nupdate t set x = $1":     "UPDATE",
	} {
		if got := statementName(statement); got != want {
			t.Errorf("%q is named %q, want %q", statement, got, want)
		}
	}
}
