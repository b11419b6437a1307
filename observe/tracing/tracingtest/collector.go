// Package tracingtest stands in for an OpenTelemetry collector in tests: it takes spans by OTLP over HTTP and keeps them.
package tracingtest

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Span is a span as the collector gets it.
type Span struct {
	*tracepb.Span
	Service string // of the resource
}

// Trace returns the id of the span's trace in hexadecimal digits, as in a traceparent.
func (s Span) Trace() string { return hex.EncodeToString(s.GetTraceId()) }

// ID returns the span's id in hexadecimal digits.
func (s Span) ID() string { return hex.EncodeToString(s.GetSpanId()) }

// Parent returns the id of the span's parent, "" for none.
func (s Span) Parent() string { return hex.EncodeToString(s.GetParentSpanId()) }

// LinksTo tells whether the span has a link to another.
func (s Span) LinksTo(other Span) bool {
	return slices.ContainsFunc(s.GetLinks(), func(l *tracepb.Span_Link) bool {
		return string(l.GetTraceId()) == string(other.GetTraceId()) && string(l.GetSpanId()) == string(other.GetSpanId())
	})
}

// String returns what identifies the span.
func (s Span) String() string {
	return fmt.Sprintf("%s %q, trace %s, span %s, parent %q, %d links", s.Service, s.GetName(), s.Trace(), s.ID(), s.Parent(), len(s.GetLinks()))
}

// Attribute returns an attribute, a text or a whole number; "" when there is none.
func (s Span) Attribute(key string) string { return attribute(s.GetAttributes(), key) }

func attribute(all []*commonpb.KeyValue, key string) string {
	for _, a := range all {
		if a.GetKey() == key {
			if _, whole := a.GetValue().GetValue().(*commonpb.AnyValue_IntValue); whole {
				return strconv.FormatInt(a.GetValue().GetIntValue(), 10)
			}
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}

// Collector is the stand-in. It takes spans at /v1/traces until the test ends.
type Collector struct {
	*httptest.Server
	t testing.TB

	mutex   sync.Mutex
	spans   []Span
	text    strings.Builder // of all that was sent
	changed chan struct{}   // closed with the next spans
}

// New starts a collector.
func New(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{t: t, changed: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", c.take)
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *Collector) take(w http.ResponseWriter, r *http.Request) {
	request, err := read(r)
	if err != nil {
		c.t.Errorf("the collector cannot read what it was sent: %v", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.keep(request)
	answer, err := proto.Marshal(&collectorpb.ExportTraceServiceResponse{})
	if err != nil {
		c.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(answer) // whoever has left does not need it
}

func read(r *http.Request) (*collectorpb.ExportTraceServiceRequest, error) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		body = unzipped
	}
	bytes, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	request := &collectorpb.ExportTraceServiceRequest{}
	return request, proto.Unmarshal(bytes, request)
}

func (c *Collector) keep(request *collectorpb.ExportTraceServiceRequest) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.text.WriteString(protojson.Format(request))
	for _, resource := range request.GetResourceSpans() {
		service := attribute(resource.GetResource().GetAttributes(), "service.name")
		for _, scope := range resource.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				c.spans = append(c.spans, Span{span, service})
			}
		}
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// Spans returns the spans that have a name, in the order in which they came.
func (c *Collector) Spans(name string) []Span {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var named []Span
	for _, span := range c.spans {
		if span.GetName() == name {
			named = append(named, span)
		}
	}
	return named
}

// Span returns the one span that has a name, and fails the test if there is none or another.
func (c *Collector) Span(name string) Span {
	c.t.Helper()
	named := c.Spans(name)
	if len(named) != 1 {
		c.t.Fatalf("%d spans are named %q, want one of\n%s", len(named), name, c.list())
	}
	return named[0]
}

// Await waits for a span that has a name and for which accept is true, and returns it; ctx bounds the wait.
func (c *Collector) Await(ctx context.Context, name string, accept func(Span) bool) Span {
	c.t.Helper()
	for {
		c.mutex.Lock()
		changed := c.changed
		c.mutex.Unlock()
		for _, span := range c.Spans(name) {
			if accept(span) {
				return span
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			c.t.Fatalf("no such span %q has come: %v\n%s", name, ctx.Err(), c.list())
		}
	}
}

// list returns a line for each span.
func (c *Collector) list() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var lines strings.Builder
	for _, span := range c.spans {
		fmt.Fprintln(&lines, span)
	}
	return lines.String()
}

// Text returns all that was sent, names and values of spans and resources, as text.
func (c *Collector) Text() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.text.String()
}
