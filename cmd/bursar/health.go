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

// serveHealth says that the process is alive, whatever the database is.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A prober that went away has its answer.
	_, _ = io.WriteString(w, "ok\n")
}

// readiness says whether this process is able to decide: the database answers within schemaTimeout and has this binary's
// schema, or that of the next release where it goes along with this one. Probes that come in at the same time share one look at the database, so that they cannot wear it out.
type readiness struct {
	pool   *pgxpool.Pool
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
	// Of all who share the look none may end it by going away.
	shared, _, _ := s.flight.Do("look", func() (any, error) { return s.look(context.WithoutCancel(r.Context())), nil })
	answer, _ := shared.(readinessAnswer)
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.logger.DebugContext(r.Context(), "write the readiness", "error", err) // the prober went away
	}
}

func (s *readiness) look(ctx context.Context) readinessAnswer {
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
	return readinessAnswer{Ready: true}
}
