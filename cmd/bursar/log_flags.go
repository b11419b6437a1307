package main

import (
	"fmt"
	"io"
	"log/slog"

	"bursar/observe"
)

type logFlags struct {
	LogFormat logFormat `variable:"BURSAR_LOG_FORMAT" placeholder:"text|json" help:"How log lines are written; text for dev, else json."`
	LogLevel  logLevel  `variable:"BURSAR_LOG_LEVEL" placeholder:"debug|info|warn|error" default:"info" help:"The least level that is logged."`
}

// logger returns a command's logger. The usual format is that without --log-format. The secrets are removed from all lines.
func (f *logFlags) logger(w io.Writer, usual observe.Format, secrets ...string) *slog.Logger {
	if f.LogFormat != "" {
		usual = observe.Format(f.LogFormat)
	}
	return observe.NewLogger(w, usual, f.LogLevel.Level, secrets...)
}

type logFormat observe.Format

func (f *logFormat) UnmarshalText(text []byte) error {
	*f = logFormat(text)
	if format := observe.Format(*f); format != observe.Text && format != observe.JSON {
		return fmt.Errorf("want text or json, got %q", text)
	}
	return nil
}

type logLevel struct{ slog.Level }

func (l *logLevel) UnmarshalText(text []byte) error {
	switch string(text) {
	case "debug", "info", "warn", "error":
		return l.Level.UnmarshalText(text)
	}
	return fmt.Errorf("want debug, info, warn or error, got %q", text)
}
