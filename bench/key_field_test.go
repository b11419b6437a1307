package bench

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bursar/api"
)

// Guarantee: requests present an API key's secret as secret, and as key to builds that know no secret, whether these refuse it with
// HTTP 200 or 400; a server that takes neither is told with its answer.
func TestFindKeyField(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 3)
	if err != nil {
		t.Fatal(err)
	}
	server := api.New(api.Config{Pool: pool, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(server.Close)
	without := func(status int, fields ...string) string {
		return serverOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			for _, field := range fields {
				if bytes.Contains(body, []byte(`"`+field+`":"`+data.salt)) {
					w.WriteHeader(status)
					_, _ = io.WriteString(w, `{"errors":[{"message":"unknown field `+field+`"}]}`)
					return
				}
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			server.ServeHTTP(w, r)
		}))
	}
	for url, want := range map[string]string{
		without(http.StatusOK): bySecret, without(http.StatusOK, "secret"): byKey, without(http.StatusBadRequest, "secret"): byKey,
		without(http.StatusOK, "key"): bySecret,
	} {
		found := *data
		if err := found.FindKeyField(t.Context(), url); err != nil || found.keyField() != want {
			t.Errorf("%s, want %s: %v", found.keyField(), want, err)
			continue
		}
		for _, operation := range Operations() {
			row, err := Gateways{Server: url, Data: &found, Connections: 2}.ClosedLoop(t.Context(), operation, minDuration)
			if err != nil || row.Errors > 0 {
				t.Errorf("row %s: %v, %s", operation.Letter(), err, row.FirstError)
			}
		}
	}
	neither := *data
	if err := neither.FindKeyField(t.Context(), without(http.StatusOK, "secret", "key")); err == nil || !strings.Contains(err.Error(), "unknown field key") {
		t.Errorf("want the answer, got %v", err)
	}
}
