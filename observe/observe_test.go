package observe

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// newMetrics returns the metrics of a server with one pool for everything.
func newMetrics(pool *pgxpool.Pool, logger *slog.Logger) (*Metrics, error) {
	pools := map[string]*pgxpool.Pool{"control": pool, "enforcement": pool}
	return NewMetrics(db.NewTenantDB(pool).For(nil), pools, ReadBuild(), logger)
}

// observed serves a mux that is observed and returns its URL, its log and its metrics' handler.
func observed(t *testing.T, level slog.Level, mux http.Handler) (string, *bytes.Buffer, http.Handler) {
	t.Helper()
	// Nothing listens there, and the pool connects when it is asked to.
	pool, err := pgxpool.New(t.Context(), "postgres://u@127.0.0.1:1/x?connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	log := &bytes.Buffer{}
	metrics, err := newMetrics(pool, NewLogger(log, JSON, level))
	if err != nil {
		t.Fatal(err)
	}
	handler, err := metrics.ObserveHTTP(mux)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, log, metrics.Handler()
}

// fetch returns the status and the body, or the error with which the answer broke off.
func fetch(t *testing.T, url string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

func scrape(t *testing.T, handler http.Handler) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if recorder.Code != http.StatusOK {
		t.Errorf("the metrics are answered with %d", recorder.Code)
	}
	return recorder.Body.String()
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// Guarantee: requests are counted by the pattern that served them, and without a database the other metrics are there.
func TestRequestsAreCountedByPattern(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /things/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a thing") })
	mux.HandleFunc("/nothing", func(http.ResponseWriter, *http.Request) {})
	url, log, metrics := observed(t, slog.LevelInfo, mux)
	for _, path := range []string{"/things/1", "/things/2", "/nothing", "/unknown"} {
		if _, _, err := fetch(t, url+path); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, scrape(t, metrics), `bursar_http_requests_total{path="/things/{id}",status="200"} 2`,
		`bursar_http_requests_total{path="/nothing",status="200"} 1`, `bursar_http_requests_total{path="none",status="404"} 1`,
		`bursar_http_request_duration_seconds_count{path="/things/{id}",status="200"} 2`,
		"bursar_database_pool_max_connections", "bursar_build_info", "go_goroutines")
	contains(t, log.String(), "count deliveries") // why they are missing
}

// Guarantee: the access log is there at debug level, and holds no query string, which may hold a secret.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	url, log, _ := observed(t, slog.LevelDebug, http.NotFoundHandler())
	if _, _, err := fetch(t, url+"/things?token=secret"); err != nil {
		t.Fatal(err)
	}
	contains(t, log.String(), `"level":"DEBUG"`, `"path":"/things"`, `"status":404`)
	if strings.Contains(log.String(), "secret") {
		t.Error("the query string is logged")
	}
}

// Guarantee: failures are errors in the log; 503, which the server answers on purpose, is not.
func TestFailuresAreLogged(t *testing.T) {
	t.Parallel()
	for status, logged := range map[int]bool{500: true, 502: true, 503: false, 404: false, 200: false} {
		url, log, _ := observed(t, slog.LevelInfo, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if _, _, err := fetch(t, url); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), `"level":"ERROR"`); got != logged {
			t.Errorf("%d: logged as an error: %v", status, got)
		}
	}
}

// Guarantee: a handler that panics is answered with 500 and logged with its stack, without secrets; half an answer is broken off.
func TestPanics(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/before", func(http.ResponseWriter, *http.Request) { panic("no reason but bsr_" + strings.Repeat("x", 40)) })
	mux.HandleFunc("/after", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic("no reason")
	})
	url, log, metrics := observed(t, slog.LevelInfo, mux)
	if status, _, err := fetch(t, url+"/before"); status != http.StatusInternalServerError || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	if _, body, err := fetch(t, url+"/after"); err == nil {
		t.Errorf("half an answer passes for a whole one: %q", body)
	}
	contains(t, scrape(t, metrics), `bursar_http_requests_total{path="/before",status="500"} 1`)
	contains(t, log.String(), "a handler panicked", "no reason", "observe_test.go", "bsr_[secret]")
}

// Guarantee: the least level is kept to, and text is no JSON.
func TestLogger(t *testing.T) {
	t.Parallel()
	log := &bytes.Buffer{}
	logger := NewLogger(log, Text, slog.LevelWarn)
	logger.Info("quiet")
	logger.Warn("loud", "number", 1)
	if strings.Contains(log.String(), "quiet") {
		t.Error("a line below the least level is written")
	}
	contains(t, log.String(), "level=WARN msg=loud number=1")
}

// Guarantee: what a library logs that is neither a text nor an error holds no secret either, and stays what it is without one.
func TestLoggedValuesHoldNoSecret(t *testing.T) {
	t.Parallel()
	log, secret := &bytes.Buffer{}, "bsr_"+strings.Repeat("x", 40)
	logger := NewLogger(log, JSON, slog.LevelInfo, "chosen")
	logger.Info("values", "list", []string{"one", secret}, "map", map[string]any{"token": "chosen"}, "plain", []int{1, 2})
	contains(t, log.String(), `"plain":[1,2]`, "one", "bsr_[secret]")
	if strings.Contains(log.String(), secret) || strings.Contains(log.String(), "chosen") {
		t.Error(log.String())
	}
}

// A handler that closes the connection answers nothing, is no failure to report, and counts as unavailable.
func TestAbortedAnswers(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/full", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	url, log, metrics := observed(t, slog.LevelInfo, mux)
	if status, body, err := fetch(t, url+"/full"); err == nil {
		t.Errorf("answered %d %q", status, body)
	}
	if log.Len() != 0 {
		t.Errorf("logged %s", log)
	}
	if text := scrape(t, metrics); !strings.Contains(text, `bursar_http_requests_total{path="/full",status="503"} `) {
		t.Error(text)
	}
}
