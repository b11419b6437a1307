package hostile

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/bench"
)

// Guarantee: answers are counted by error code or status; those that shed load are right for every kind of attack, and any that
// a kind does not expect fail the run, with the first of them told.
func TestAnswersAreCounted(t *testing.T) {
	t.Parallel()
	answers := []struct {
		status int
		body   string
	}{
		{200, `{"data":{"viewer":null}}`}, {200, `{"errors":[{"extensions":{"code":"BAD_USER_INPUT"}}]}`},
		{503, `{"errors":[{"extensions":{"code":"UNAVAILABLE"}}]}`}, {429, ""}, {200, `{"errors":[{"extensions":{"code":"INTERNAL"}}]}`}, {418, ""},
	}
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(answers[next].status)
		_, _ = w.Write([]byte(answers[next].body))
		next++
	}))
	t.Cleanup(server.Close)
	a := &Attack{Server: server.URL}
	of := &kind{name: "lists", expects: []string{"ok", "BAD_USER_INPUT"}, send: a.sends("", "{viewer{role}}")}
	result := &Result{Name: of.name, Answers: map[string]int64{}}
	for range answers {
		result.request(t.Context(), server.Client(), of, 0)
	}
	server.Close()
	result.request(t.Context(), server.Client(), of, 0)
	want := map[string]int64{"ok": 1, "BAD_USER_INPUT": 1, "UNAVAILABLE": 1, "429": 1, "INTERNAL": 1, "418": 1, "closed": 1}
	for outcome, number := range want {
		if result.Answers[outcome] != number {
			t.Errorf("%s %d times, want %d", outcome, result.Answers[outcome], number)
		}
	}
	if result.Requests != 7 || result.Unexpected != 2 || !strings.HasPrefix(result.First, "INTERNAL") {
		t.Errorf("%d requests, %d unexpected, the first %s", result.Requests, result.Unexpected, result.First)
	}
	r := &Report{Attacks: []*Result{result}}
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "lists: 2 answers") {
		t.Errorf("the run's error is %v", err)
	}
}

// Guarantee: requests of gateways that failed fail the run.
func TestFailedGatewaysAreReported(t *testing.T) {
	t.Parallel()
	r := &Report{Phases: []bench.Row{{Name: "quiet"}, {Name: "attacked", Errors: 2, FirstError: "UNAVAILABLE"}}}
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "attacked: 2 requests of gateways failed, the first: UNAVAILABLE") {
		t.Errorf("the run's error is %v", err)
	}
}

// Guarantee: an attack ends with its context and has a result for each of its kinds, which can be passed on as JSON.
func TestAttackEnds(t *testing.T) {
	t.Parallel()
	const enough = 100 // requests
	ctx, cancel := context.WithCancel(t.Context())
	var seen atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		if seen.Add(1) == enough {
			cancel()
		}
	}))
	t.Cleanup(server.Close)
	a := &Attack{Server: server.URL, Size: 1, For: time.Hour}
	encoded, err := json.Marshal(a.Run(ctx, nil))
	if err != nil {
		t.Fatal(err)
	}
	var results []*Result
	if err := json.Unmarshal(encoded, &results); err != nil || len(results) != len(Kinds()) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	var requests int64
	for i, result := range results {
		requests += result.Requests
		if result.Name != Kinds()[i] || result.Unexpected > 0 {
			t.Errorf("%+v", result)
		}
	}
	if requests == 0 || seen.Load() < enough {
		t.Errorf("%d requests are counted of %d", requests, seen.Load())
	}
}
