package worker

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// River's running commentary is in the log of somebody who looks for it and in nobody else's; its warnings are in all.
func TestRiverIsQuietUntilDebug(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]string{
		slog.LevelDebug: "level=DEBUG msg=tiny\nlevel=INFO msg=counts group.key=value\nlevel=WARN msg=odd\n",
		slog.LevelInfo:  "level=WARN msg=odd\n",
		slog.LevelError: "",
	} {
		var written bytes.Buffer
		logger := riverLogger(textLogger(&written, level))
		logger.Debug("tiny")
		logger.WithGroup("group").With("key", "value").Info("counts")
		logger.Warn("odd")
		if got := written.String(); got != want {
			t.Errorf("at %s: %q, want %q", level, got, want)
		}
	}
}

// At the level that the program logs at by default, the log of a worker has what its jobs did and nothing of River's.
func TestWorkersLogIsItsOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget("WEEKLY", 1000, time.Now().Add(-14*24*time.Hour))
	var written bytes.Buffer // read after the worker has stopped
	config := f.config(&deliverytest.Sender{})
	config.Logger = textLogger(&written, slog.LevelInfo)
	worker, err := New(config)
	must(t, err)
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, worker.Start(t.Context()))
	awaitKind(t, completed, job.ClosePeriods{}.Kind())
	must(t, worker.Stop(context.Background()))
	log := written.String()
	if !strings.Contains(log, `msg="closed budget periods"`) || strings.Contains(strings.ToLower(log), "river") ||
		strings.Contains(log, "Producer") {
		t.Errorf("the log is\n%s", log)
	}
}

// textLogger leaves the time out.
func textLogger(written *bytes.Buffer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(written, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, attribute slog.Attr) slog.Attr {
			if attribute.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return attribute
		},
	}))
}
