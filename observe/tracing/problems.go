package tracing

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"golang.org/x/time/rate"
)

const (
	problemsEvery   = time.Minute // between log lines about failures
	maxProblemBytes = 500         // of a failure's text, which may hold a collector's whole answer
)

// problems logs what is wrong with the configuration, and failures to send spans, these once a minute at most: a collector that
// is gone must not flood the log.
type problems struct {
	logger    *slog.Logger
	sending   atomic.Bool // the configuration has been read
	sometimes rate.Sometimes
	failures  atomic.Int64 // since the last line
}

func newProblems(logger *slog.Logger) *problems {
	return &problems{logger: logger, sometimes: rate.Sometimes{First: 1, Interval: problemsEvery}}
}

// Handle implements [otel.ErrorHandler].
func (p *problems) Handle(err error) {
	text := err.Error()
	text = text[:min(len(text), maxProblemBytes)]
	if !p.sending.Load() {
		p.logger.Warn("a variable of OpenTelemetry's is ignored", "error", text)
		return
	}
	p.failures.Add(1)
	p.sometimes.Do(func() { p.logger.Warn("spans were not sent", "failures", p.failures.Swap(0), "error", text) })
}

// handleSDK has the SDK report here what it would write to the standard error.
func (p *problems) handleSDK() {
	otel.SetErrorHandler(p)
	otel.SetLogger(logr.New(sdkLog{p.logger}))
}

// sdkLog takes the SDK's own log lines without their values: they repeat variables, in which keys of collectors stand.
type sdkLog struct{ logger *slog.Logger }

// sdkWarning is the SDK's level of warnings; higher levels inform and debug.
const sdkWarning = 1

// Init implements [logr.LogSink].
func (sdkLog) Init(logr.RuntimeInfo) {}

// Enabled implements [logr.LogSink].
func (sdkLog) Enabled(level int) bool { return level <= sdkWarning }

// Info implements [logr.LogSink].
func (l sdkLog) Info(_ int, message string, _ ...any) {
	l.logger.Warn("OpenTelemetry: " + message)
}

// Error implements [logr.LogSink].
func (l sdkLog) Error(err error, message string, _ ...any) {
	l.logger.Error("OpenTelemetry: "+message, "error", err)
}

// WithValues implements [logr.LogSink].
func (l sdkLog) WithValues(...any) logr.LogSink { return l }

// WithName implements [logr.LogSink].
func (l sdkLog) WithName(string) logr.LogSink { return l }
