package observe

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// httpObserver counts, times and logs requests.
type httpObserver struct {
	next     http.Handler
	logger   *slog.Logger
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// ObserveHTTP wraps a mux: each request is counted and timed under the pattern that served it, so that the number of
// series does not depend on what clients ask for, and logged, at debug level or, if it failed with 500 or above but for
// 503, at error level. Query strings are not logged: they may carry secrets. A handler that panics is answered with 500.
func (m *Metrics) ObserveHTTP(mux http.Handler) (http.Handler, error) {
	labels := []string{"path", "status"}
	observer := &httpObserver{
		next: mux, logger: m.logger,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bursar_http_requests_total", Help: "HTTP requests, by the route that served them and the status.",
		}, labels),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "bursar_http_request_duration_seconds", Help: "Time from a request's arrival to the end of its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, labels),
	}
	if err := m.registry.Register(observer.requests); err != nil {
		return nil, err
	}
	return observer, m.registry.Register(observer.seconds)
}

// ServeHTTP implements [http.Handler].
func (o *httpObserver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began, response := time.Now(), &response{ResponseWriter: w}
	defer func() {
		reason := recover()
		aborted := reason == any(http.ErrAbortHandler)
		if reason != nil && !aborted {
			o.logger.ErrorContext(r.Context(), "a handler panicked", "path", r.URL.Path, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
		}
		begun := response.status != 0
		switch {
		case begun:
		case aborted:
			response.status = http.StatusServiceUnavailable // of a connection that is closed without an answer, for lack of room
		case reason != nil:
			http.Error(response, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
		o.note(r, response, time.Since(began))
		if aborted || reason != nil && begun {
			panic(http.ErrAbortHandler) // closes the connection, so that a client does not take a part of the answer for all of it
		}
	}()
	o.next.ServeHTTP(response, r)
}

// note counts, times and logs a request that is over.
func (o *httpObserver) note(r *http.Request, response *response, took time.Duration) {
	status := response.status
	if status == 0 {
		status = http.StatusOK // net/http's answer for a handler that wrote nothing
	}
	labels := []string{route(r.Pattern), strconv.Itoa(status)}
	o.requests.WithLabelValues(labels...).Inc()
	o.seconds.WithLabelValues(labels...).Observe(took.Seconds())

	level := slog.LevelDebug
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable { // 503 is an answer to overload and no fault of the program
		level = slog.LevelError
	}
	if !o.logger.Enabled(r.Context(), level) {
		return
	}
	o.logger.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", status,
		"bytes", response.bytes, "duration", took, "remote", r.RemoteAddr)
}

// route takes the method out of a mux's pattern. No pattern at all is what the mux itself answered.
func route(pattern string) string {
	if _, path, found := strings.Cut(pattern, " "); found {
		return path
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}
