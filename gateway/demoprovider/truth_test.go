package demoprovider

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// With a key, the provider answers those who carry it in any header, and tells of a key where it was and its end, never all of it.
func TestKey(t *testing.T) {
	t.Parallel()
	const key = "provider-key-1234"
	s := serve(t, Config{Key: key})
	const body = `{"model": "demo-small", "messages": [{"role": "user", "content": "Hello"}]}`
	for header, value := range map[string]string{"Authorization": "Bearer " + key, "X-Api-Key": key, "X-Goog-Api-Key": key} {
		s.read(s.post("/v1/chat/completions", body, header, value), http.StatusOK)
		if truth := s.last(); truth.Key != strings.ToLower(header)+" …1234" || truth.Header.Get(header) != "" {
			t.Errorf("%s: %+v", header, truth)
		}
	}
	s.read(s.post("/v1beta/models/demo-small:generateContent?key="+key, `{"contents": [{"parts": [{"text": "Hello"}]}]}`), http.StatusOK)
	for _, wrong := range []string{"", "Bearer other"} {
		answer := string(s.read(s.post("/v1/chat/completions", body, "Authorization", wrong), http.StatusUnauthorized))
		if !strings.Contains(answer, "invalid_api_key") {
			t.Error(answer)
		}
	}
	told := string(s.read(s.send(http.MethodGet, "/demo/requests", "", nil), http.StatusOK))
	if strings.Contains(told, key) {
		t.Errorf("the key is told: %s", told)
	}
}

// Each request is told once and counted once, however many come together; the newest are remembered, and totals count all. What is forgotten is in
// neither, and numbers go on.
func TestTruthIsComplete(t *testing.T) {
	t.Parallel()
	const clients, each, remembered = 8, 50, 100
	s := serve(t, Config{Remember: remembered})
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for range each {
				response, err := http.Post(s.url+"/v1/messages", "application/json",
					strings.NewReader(`{"model": "demo-small", "max_tokens": 3, "messages": [{"role": "user", "content": "Hello"}]}`))
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
			}
		})
	}
	group.Wait()
	var totals Totals
	var requests []Request
	for path, into := range map[string]any{"/demo/totals?idle=1": &totals, "/demo/requests?idle=1&after=395": &requests} {
		if err := json.Unmarshal(s.read(s.send(http.MethodGet, path, "", nil), http.StatusOK), into); err != nil {
			t.Fatal(err)
		}
	}
	const cost = (1+3)*400 + 3*1600 // one word and a turn, and three tokens
	if totals.Requests != clients*each || totals.InFlight != 0 || totals.Endings[Complete] != clients*each || totals.CostNanos != clients*each*cost ||
		totals.InputTokens != 4*clients*each || totals.CachedInputTokens != 0 || totals.OutputTokens != 3*clients*each {
		t.Errorf("the totals are %+v", totals)
	}
	if len(requests) != 5 || requests[4].Number != clients*each || requests[4].CostNanos != cost {
		t.Errorf("the requests after 395 are %+v", requests)
	}
	if got := len(s.Requests(0)); got > remembered || got < remembered*8/10 {
		t.Errorf("%d requests are remembered, want the newest %d", got, remembered)
	}
	s.read(s.send(http.MethodDelete, "/demo/requests", "", nil), http.StatusNoContent)
	if after := s.Totals(); after.Requests != 0 || after.CostNanos != 0 || len(s.Requests(0)) != 0 {
		t.Errorf("after forgetting: %+v", after)
	}
	s.read(s.post("/v1/nothing", `{}`), http.StatusNotFound)
	if truth := s.last(); truth.Number != clients*each+1 || truth.Ended != Refused {
		t.Errorf("the next request is %+v", truth)
	}
}

// Requests with a tag are told by themselves, when none of them is in flight, whatever else is.
func TestRequestsOfATag(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v1/messages",
		strings.NewReader(`{"model": "demo-small", "max_tokens": 9, "stream": true, "messages": [{"role": "user", "content": "Hello"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(DemandHeader, "hold")
	request.Header.Set(TagHeader, "held")
	held, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Body.Close() }()
	tell := func(query string) (requests []Request) {
		t.Helper()
		if err := json.Unmarshal(s.read(s.send(http.MethodGet, "/demo/requests?"+query, "", nil), http.StatusOK), &requests); err != nil {
			t.Fatal(err)
		}
		return requests
	}
	s.read(s.post("/v1/messages", `{"model": "demo-small", "max_tokens": 3, "messages": [{"role": "user", "content": "Hello"}]}`, TagHeader, "a b"), http.StatusOK)
	if told := tell("idle=1&tag=a+b"); len(told) != 1 || told[0].Tag != "a b" || told[0].Ended != Complete || told[0].CostNanos == 0 {
		t.Errorf("beside one that is held, the tag has %+v", told)
	}
	if told := tell("idle=1&tag=nobody"); len(told) != 0 {
		t.Errorf("a tag of no request has %+v", told)
	}
	leave()
	if told := tell("idle=1&tag=held"); len(told) != 1 || told[0].Ended != Left || told[0].CostNanos == 0 {
		t.Errorf("the one that was left is %+v", told)
	}
}
