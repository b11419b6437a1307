package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"

	"bursar/sql"
)

// serveHealth answers 200 as long as the process runs, with or without the database.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// fails only if the client has disconnected
	_, _ = io.WriteString(w, "ok\n")
}

// readiness answers whether this process can decide: whether the database answers within schemaTimeout, takes writes and has this
// binary's schema, or that of a next release that is compatible with this one. Simultaneous requests share one check of the database.
type readiness struct {
	pool   *pgxpool.Pool // that decisions use
	logger *slog.Logger
	flight singleflight.Group
}

func newReadiness(pool *pgxpool.Pool, logger *slog.Logger) *readiness {
	return &readiness{pool: pool, logger: logger}
}

// readinessAnswer is the JSON of /readyz.
type readinessAnswer struct {
	Ready  bool   `json:"ready"`
	Failed string `json:"failed,omitempty"` // "database" or "schema"
	Reason string `json:"reason,omitempty"`
}

// ServeHTTP implements [http.Handler].
func (s *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// a client that disconnects must not end the check for those that share it
	shared, _, _ := s.flight.Do("check", func() (any, error) { return s.check(context.WithoutCancel(r.Context())), nil })
	answer, _ := shared.(readinessAnswer)
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.logger.DebugContext(r.Context(), "write the readiness", "error", err) // the client has disconnected
	}
}

func (s *readiness) check(ctx context.Context) readinessAnswer {
	ctx, cancel := context.WithTimeout(ctx, schemaTimeout)
	defer cancel()
	status, err := sql.StatusOf(ctx, s.pool)
	if err != nil {
		s.logger.WarnContext(ctx, "not ready", "error", err)
		return readinessAnswer{Failed: "database", Reason: "the database cannot be reached or does not answer; the log says why"}
	}
	if err := status.Problem(); err != nil {
		return readinessAnswer{Failed: "schema", Reason: err.Error()}
	}
	if err := requireWritable(ctx, s.pool); err != nil {
		s.logger.WarnContext(ctx, "not ready", "error", err)
		return readinessAnswer{Failed: "database", Reason: "the database takes no writes or does not answer; the log says why"}
	}
	return readinessAnswer{Ready: true}
}
