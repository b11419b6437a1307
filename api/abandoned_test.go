package api_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bursar/api"
	"bursar/graph/graphtest"
)

// Guarantee: a request whose caller has left ends with its connection and not with an answer; others are answered.
func TestAbandonedRequestsAreNotAnswered(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	server := api.New(api.Config{
		Pool: kit.ServerPool(t, a.Pool), RootToken: graphtest.RootToken, Logger: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(server.Close)
	const viewer = `{"query":"{viewer{role}}"}`
	for name, test := range map[string]struct {
		handler             http.Handler
		method, token, body string
	}{
		"a query":         {server, http.MethodPost, a.Viewer, viewer},
		"no JSON":         {server, http.MethodPost, a.Viewer, `{`},
		"no token":        {server, http.MethodPost, "", viewer},
		"another method":  {server, http.MethodPut, a.Viewer, viewer},
		"a gateway":       {server, http.MethodPost, a.Gateway, viewer},
		"a large body":    {server, http.MethodPost, a.Viewer, viewer + strings.Repeat(" ", 100<<10)},
		"too large":       {server, http.MethodPost, a.Viewer, viewer + strings.Repeat(" ", 200<<10)},
		"the schema":      {server.Schema, http.MethodGet, a.Viewer, ""},
		"the root token":  {server, http.MethodPost, graphtest.RootToken, viewer},
		"a query by GET":  {server, http.MethodGet, a.Viewer, ""},
		"unknown content": {server, http.MethodPost, a.Viewer, "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left, leave := context.WithCancel(t.Context())
			defer leave()
			for _, ctx := range []context.Context{t.Context(), left} {
				r := httptest.NewRequestWithContext(ctx, test.method, "/graphql", strings.NewReader(test.body))
				r.Header.Set("Content-Type", "application/json")
				if test.token != "" {
					r.Header.Set("Authorization", "Bearer "+test.token)
				}
				answer := httptest.NewRecorder()
				if reason := endOf(test.handler, answer, r); ctx == left != errors.Is(reason, http.ErrAbortHandler) {
					t.Errorf("the caller left: %t; ended with %v, answered %d %.200s", ctx == left, reason, answer.Code, answer.Body)
				}
				leave()
			}
		})
	}
}

// endOf returns the panic with which a handler ends; nil for none.
func endOf(handler http.Handler, w http.ResponseWriter, r *http.Request) (reason error) {
	defer func() {
		if value := recover(); value != nil {
			reason, _ = value.(error)
		}
	}()
	handler.ServeHTTP(w, r)
	return nil
}
