// Package observe lets an operator see what the program does: logs, Prometheus metrics and the build's identity.
package observe

import (
	"fmt"
	"io"
	"log/slog"

	"bursar/auth"
)

// Format is how log lines are written.
type Format string

// The formats: logfmt-like text for people, JSON for machines.
const (
	Text Format = "text"
	JSON Format = "json"
)

// NewLogger returns a logger that writes lines of a level and above. Anything but Text is JSON. What has the form of a secret,
// and the given ones, are taken out of messages and values: paths and causes may repeat what a client sent.
func NewLogger(w io.Writer, format Format, level slog.Level, secrets ...string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: withoutSecrets(secrets)}
	if format == Text {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

func withoutSecrets(secrets []string) func([]string, slog.Attr) slog.Attr {
	redact := auth.Redactor(secrets...)
	return func(_ []string, attribute slog.Attr) slog.Attr {
		var text string
		switch value := attribute.Value.Any().(type) {
		case string:
			text = value
		case error:
			text = value.Error()
		default:
			// other values, of libraries: only secrets are taken out
			if attribute.Value.Kind() != slog.KindAny {
				return attribute
			}
			text = fmt.Sprintf("%+v", value)
		}
		if redacted := redact(text); redacted != text {
			return slog.String(attribute.Key, redacted)
		}
		return attribute
	}
}
