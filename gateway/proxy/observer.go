package proxy

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"bursar/gateway"
	"bursar/usage"
)

// Observer is told what happens. It must be fast and safe for concurrent use.
type Observer interface {
	// Called is told of each call that is over.
	Called(Observation)
	// Recorded is told of each report that Bursar has booked, with its cost in dollars.
	Recorded(provider string, cost float64, estimated bool)
	// Lost is told what became of each reservation whose answer did not come, so that its call was refused.
	Lost(gateway.LostOutcome)
	// Undeliverable is told of each report that Bursar refuses for good; it is kept in a file.
	Undeliverable()
}

// Outcome is how a call ended.
type Outcome string

// The outcomes.
const (
	Answered    Outcome = "answered"    // the caller has the provider's whole answer, an error's too
	Denied      Outcome = "denied"      // by Bursar
	Refused     Outcome = "refused"     // for what it is: no key, no JSON, an unknown model, too large
	Unavailable Outcome = "unavailable" // for lack of Bursar or of room in the spool
	Failed      Outcome = "failed"      // the provider did not answer, or not to the end
	Left        Outcome = "left"        // the caller did not wait for the end
)

// Observation is a call that is over.
type Observation struct {
	Provider string // empty when none was chosen
	Dialect  string
	Kind     string
	Status   int
	Outcome  Outcome
	// Added is what the gateway took before it called the provider, from the end of the caller's request on; Decided what Bursar took of it.
	Added, Decided time.Duration
	// FirstByte is what the provider took until the header of its answer, Upstream until its end.
	FirstByte, Upstream time.Duration
	Parts               usage.Parts // as reported; zero when nothing was
	Estimated           bool
	FailedOpen          bool // went on although Bursar did not answer
}

// nobody looks on.
type nobody struct{}

func (nobody) Called(Observation)             {}
func (nobody) Recorded(string, float64, bool) {}
func (nobody) Lost(gateway.LostOutcome)       {}
func (nobody) Undeliverable()                 {}

// tracerOf returns the tracer of spans; nil: there are none.
func tracerOf(provider trace.TracerProvider) trace.Tracer {
	if provider == nil {
		return nil
	}
	return provider.Tracer("bursar/gateway/proxy")
}

// Attributes of OpenTelemetry's semantic conventions for generative AI, version 1.38, which the Go module leaves out of later versions.
const (
	genAIOperation    = attribute.Key("gen_ai.operation.name")
	genAIProvider     = attribute.Key("gen_ai.provider.name")
	genAIRequestModel = attribute.Key("gen_ai.request.model")
	genAIMaxTokens    = attribute.Key("gen_ai.request.max_tokens")
	genAIModel        = attribute.Key("gen_ai.response.model")
	genAIInput        = attribute.Key("gen_ai.usage.input_tokens")
	genAIOutput       = attribute.Key("gen_ai.usage.output_tokens")
	genAICacheRead    = attribute.Key("gen_ai.usage.cache_read.input_tokens")
	genAICacheWrite   = attribute.Key("gen_ai.usage.cache_creation.input_tokens")
	errorType         = attribute.Key("error.type")
	statusCode        = attribute.Key("http.response.status_code")
	outcomeKey        = attribute.Key("bursar.outcome")
	estimatedKey      = attribute.Key("bursar.estimated")
	failedOpenKey     = attribute.Key("bursar.failed_open")
	requestIDKey      = attribute.Key("bursar.request_id")
)

// startSpan begins the span of a call to a provider, as a child of the caller's; nil: there are no spans, and the caller's is Bursar's parent.
func (e *exchange) startSpan(ctx context.Context, header http.Header) (context.Context, trace.Span) {
	if len(header["Traceparent"]) > 0 {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	}
	if e.proxy.tracer == nil {
		return ctx, nil
	}
	attributes := []attribute.KeyValue{
		genAIOperation.String(e.endpoint.Operation()), genAIProvider.String(e.provider.Prices), genAIRequestModel.String(e.call.Model),
		requestIDKey.String(e.id),
	}
	if e.call.MaxOutputTokens != nil {
		attributes = append(attributes, genAIMaxTokens.Int64(*e.call.MaxOutputTokens))
	}
	return e.proxy.tracer.Start(ctx, e.endpoint.Operation()+" "+e.call.Model, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
}

// endSpan ends the span with what is known of the call.
func (e *exchange) endSpan() {
	if e.span == nil {
		return
	}
	o := &e.seen
	e.span.SetAttributes(statusCode.Int(o.Status), outcomeKey.String(string(o.Outcome)))
	if o.Parts.Requests > 0 {
		e.span.SetAttributes(genAIModel.String(o.Parts.Model), genAIInput.Int64(o.Parts.InputTokens), genAIOutput.Int64(o.Parts.OutputTokens),
			genAICacheRead.Int64(o.Parts.CachedInputTokens), genAICacheWrite.Int64(o.Parts.CacheWriteTokens))
	}
	if o.Estimated {
		e.span.SetAttributes(estimatedKey.Bool(true))
	}
	if o.FailedOpen {
		e.span.SetAttributes(failedOpenKey.Bool(true))
	}
	if o.Status >= http.StatusBadRequest || o.Outcome != Answered {
		e.span.SetAttributes(errorType.String(string(o.Outcome)))
		e.span.SetStatus(codes.Error, string(o.Outcome))
	}
	e.span.End()
}
