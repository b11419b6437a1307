// Package observe lets an operator see what the program does: logs, Prometheus metrics and the build's identity.
package observe

import (
	"io"
	"log/slog"
)

// Format is how log lines are written.
type Format string

// The formats: logfmt-like text for people, JSON for machines.
const (
	Text Format = "text"
	JSON Format = "json"
)

// NewLogger returns a logger that writes lines of a level and above. Anything but Text is JSON.
func NewLogger(w io.Writer, format Format, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == Text {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}
