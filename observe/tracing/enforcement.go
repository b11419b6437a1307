package tracing

import (
	"context"
	"iter"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"bursar/enforce"
)

const scope = "bursar/observe/tracing"

// Enforcement returns what makes enforcement calls visible: a span of each request's wait for its batch, in the request's
// trace, and a span of each statement, in a trace of its own. The wait has a link to the statement, and the statement to its
// requests. A batch of which no request is sampled has no span. It is nil when tracing is off.
func (t *Tracing) Enforcement() enforce.Tracer {
	if t == nil {
		return nil
	}
	return &enforcement{waits: t.requests.Tracer(scope), batches: t.batches.Tracer(scope)}
}

type enforcement struct{ waits, batches trace.Tracer }

// Start implements [enforce.Tracer].
func (e *enforcement) Start(
	ctx context.Context, operation enforce.Operation, attempt int, requests iter.Seq2[context.Context, time.Time],
) context.Context {
	var callers []trace.Link
	number := 0
	for caller := range requests {
		number++
		if span := trace.SpanFromContext(caller); span.IsRecording() {
			callers = append(callers, trace.Link{SpanContext: span.SpanContext()})
		}
	}
	if callers == nil {
		return ctx
	}
	name := operationKey.String(operation.String())
	ctx, batch := e.batches.Start(ctx, operation.String()+" batch", trace.WithNewRoot(), trace.WithLinks(callers...),
		trace.WithAttributes(name, requestsKey.Int(number), attemptKey.Int(attempt)))
	if attempt > 1 {
		return ctx
	}
	began := time.Now()
	for caller, arrived := range requests {
		if trace.SpanFromContext(caller).IsRecording() {
			_, wait := e.waits.Start(caller, operation.String()+" wait", trace.WithTimestamp(arrived), trace.WithAttributes(name),
				trace.WithLinks(trace.Link{SpanContext: batch.SpanContext()}))
			wait.End(trace.WithTimestamp(began))
		}
	}
	return ctx
}

// End implements [enforce.Tracer].
func (e *enforcement) End(ctx context.Context, err error) {
	span := trace.SpanFromContext(ctx)
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}
