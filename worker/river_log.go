package worker

import (
	"context"
	"log/slog"
)

// riverLogger returns the logger that River writes to. At level info River counts jobs every few seconds, between which our
// own lines would be lost, so what it tells below a warning is written only where debug lines are. Jobs that fail are
// [failureLog]'s to tell.
func riverLogger(logger *slog.Logger) *slog.Logger { return slog.New(riverHandler{logger.Handler()}) }

type riverHandler struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (h riverHandler) Enabled(ctx context.Context, level slog.Level) bool {
	if level < slog.LevelWarn {
		level = min(level, slog.LevelDebug)
	}
	return h.Handler.Enabled(ctx, level)
}

// WithAttrs implements [slog.Handler].
func (h riverHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return riverHandler{h.Handler.WithAttrs(attributes)}
}

// WithGroup implements [slog.Handler].
func (h riverHandler) WithGroup(name string) slog.Handler {
	return riverHandler{h.Handler.WithGroup(name)}
}
