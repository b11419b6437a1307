package tracing

import (
	"context"
	"regexp"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"

	"bursar/auth"
)

// export sends spans without secrets and e-mail addresses. Clients put those into paths and headers by mistake, and errors repeat
// them.
type export struct {
	trace.SpanExporter
	redact   func(string) string
	problems *problems
}

func newExport(next trace.SpanExporter, secrets []string, problems *problems) *export {
	withoutSecrets := auth.Redactor(secrets...)
	return &export{next, func(text string) string {
		return addresses.ReplaceAllString(withoutSecrets(text), "[address]")
	}, problems}
}

// addresses are e-mail addresses.
var addresses = regexp.MustCompile(`[^\s@<>"'(),;:/]+@[^\s@<>"'(),;:/]+\.[^\s@<>"'(),;:/]+`)

// ExportSpans implements [trace.SpanExporter]. Failures are logged here and not returned, because callers cannot handle them.
func (e *export) ExportSpans(ctx context.Context, spans []trace.ReadOnlySpan) error {
	redacted := make([]trace.ReadOnlySpan, len(spans))
	for i, span := range spans {
		redacted[i] = e.span(span)
	}
	if err := e.SpanExporter.ExportSpans(ctx, redacted); err != nil {
		e.problems.Handle(err)
	}
	return nil
}

// redactedSpan is a span with other texts.
type redactedSpan struct {
	trace.ReadOnlySpan
	name       string
	attributes []attribute.KeyValue
	events     []trace.Event
	status     trace.Status
}

func (s *redactedSpan) Name() string                     { return s.name }
func (s *redactedSpan) Attributes() []attribute.KeyValue { return s.attributes }
func (s *redactedSpan) Events() []trace.Event            { return s.events }
func (s *redactedSpan) Status() trace.Status             { return s.status }

func (e *export) span(span trace.ReadOnlySpan) trace.ReadOnlySpan {
	r := &redactedSpan{ReadOnlySpan: span, name: e.redact(span.Name()), attributes: e.attributes(span.Attributes()), status: span.Status()}
	r.status.Description = e.redact(r.status.Description)
	for _, event := range span.Events() {
		event.Name, event.Attributes = e.redact(event.Name), e.attributes(event.Attributes)
		r.events = append(r.events, event)
	}
	return r
}

func (e *export) attributes(all []attribute.KeyValue) []attribute.KeyValue {
	redacted := make([]attribute.KeyValue, len(all))
	for i, a := range all {
		switch a.Value.Type() {
		case attribute.STRING:
			a.Value = attribute.StringValue(e.redact(a.Value.AsString()))
		case attribute.STRINGSLICE:
			texts := a.Value.AsStringSlice()
			for j, text := range texts {
				texts[j] = e.redact(text)
			}
			a.Value = attribute.StringSliceValue(texts)
		case attribute.BYTESLICE, attribute.SLICE, attribute.MAP:
			a.Value = attribute.StringValue(e.redact(a.Value.String()))
		default: // numbers and booleans
		}
		redacted[i] = a
	}
	return redacted
}
