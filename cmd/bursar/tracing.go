package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"bursar/observe"
	"bursar/observe/tracing"
)

// trace starts tracing if OpenTelemetry's variables ask for it; else it returns nil, which is tracing that is off. The secrets
// stay out of the spans.
func (p *program) trace(ctx context.Context, service string, logger *slog.Logger, secrets ...string) (*tracing.Tracing, error) {
	traces, err := tracing.New(ctx, tracing.Config{
		Service: service, Version: observe.ReadBuild().Version, Lookup: p.lookup, Logger: logger, Secrets: secrets,
	})
	if _, bad := errors.AsType[*tracing.VariableError](err); bad {
		return nil, &misuse{err.Error()}
	}
	return traces, err
}

// mostFlush is how long the last spans are waited for: a collector that does not answer must not keep a program from ending.
const mostFlush = 2 * time.Second

// flushLimit returns how long sending the last spans may take after a drain that left so much of its time.
func flushLimit(left time.Duration) time.Duration {
	return min(mostFlush, max(left, closeLimit/2))
}
