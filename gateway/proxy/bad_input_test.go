package proxy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/gateway/proxy"
	"bursar/gateway/wire"
	"bursar/graph/graphtest"
)

// isError says whether a body is an error as a dialect's SDKs read it: a message where they look for it.
func isError(t *testing.T, dialect, body string) bool {
	t.Helper()
	message := field(t, body, "error", "message")
	switch dialect {
	case "anthropic":
		return field(t, body, "type") == "error" && field(t, body, "message") == message && message != "<nil>"
	case "gemini":
		return field(t, body, "error", "status") != "<nil>" && message != "<nil>"
	}
	return field(t, body, "error", "type") != "<nil>" && message != "<nil>"
}

// What no provider should get is refused in each dialect, before Bursar is asked: nothing is reserved, nothing booked, and the provider is not reached.
func TestBadInput(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, func(s *proxy.Settings) {
		for _, p := range s.Providers { // each has models of its own
			p.Models = []string{"model-" + p.Name + "*"}
		}
	})
	const deep = 100_000
	for dialect, call := range map[string]struct{ path, model, bound, number string }{
		"openai":    {"/v1/chat/completions", `"model":"MODEL",`, `"max_tokens":BOUND,`, `"n":1000000000,`},
		"anthropic": {"/v1/messages", `"model":"MODEL",`, `"max_tokens":BOUND,`, ``},
		"gemini":    {"/v1beta/models/MODEL:generateContent", ``, `"generationConfig":{"maxOutputTokens":BOUND},`, `"generationConfig":{"candidateCount":1000000000},`},
	} {
		other := map[string]string{"openai": "model-anthropic", "anthropic": "model-gemini", "gemini": "model-openai"}[dialect]
		body := func(more string) string { return "{" + call.model + more + `"contents":[],"messages":[]}` }
		bound := func(value string) string { return body(strings.ReplaceAll(call.bound, "BOUND", value)) }
		for name, of := range map[string]struct {
			body, model string
			status      int
		}{
			"no JSON":                     {"hello", "", http.StatusBadRequest},
			"HTML":                        {"<html></html>", "", http.StatusBadRequest},
			"nothing":                     {"", "", http.StatusBadRequest},
			"half":                        {`{"model":"model-` + dialect, "", http.StatusBadRequest},
			"deep lists":                  {body(`"x":` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + ","), "", http.StatusBadRequest},
			"deep objects":                {body(`"x":` + strings.Repeat(`{"x":`, deep) + "1" + strings.Repeat("}", deep) + ","), "", http.StatusBadRequest},
			"deep and no end":             {`{"x":` + strings.Repeat("[", deep), "", http.StatusBadRequest},
			"an unknown model":            {body(""), "unknown", http.StatusNotFound},
			"a model of another provider": {body(""), other, http.StatusNotFound},
			"a negative bound":            {bound("-1"), "", http.StatusBadRequest},
			"a bound of -10^300":          {bound("-1e300"), "", http.StatusBadRequest},
			"a bound of 10^30":            {bound("1e30"), "", http.StatusBadRequest},
			"a bound that is no number":   {bound(`"many"`), "", http.StatusBadRequest},
			"10^9 answers":                {body(call.number), "", http.StatusBadRequest},
		} {
			if name == "10^9 answers" && call.number == "" {
				continue // there is no such field
			}
			model := "model-" + dialect
			if of.model != "" {
				model = of.model
			}
			insert := strings.NewReplacer("MODEL", model).Replace
			got := b.ask(b.Tenant.Secret.Text, insert(call.path), insert(of.body))
			if got.status != of.status || !isError(t, dialect, got.body) || got.header.Get("X-Should-Retry") != "false" {
				t.Errorf("%s, %s: %d, %v: %.500s", dialect, name, got.status, got.header, got.body)
			}
			if o := b.over(); o.Outcome != proxy.Refused || o.Status != of.status {
				t.Errorf("%s, %s: %+v", dialect, name, o)
			}
		}
	}
	b.untouched()
}

// A request of 100 MB is refused by its length before it is read, and one that does not say its length while it is; nothing is reserved for either.
func TestHugeRequests(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends many megabytes by a way that others take with fewer")
	b := newBench(t, answerChat, nil)
	for name, length := range map[string]int64{"with a length": 100 << 20, "without": -1} {
		for dialect, path := range map[string]string{"openai": "/v1/chat/completions", "anthropic": "/v1/messages", "gemini": "/v1beta/models/model-1:generateContent"} {
			request := must(http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+path, io.LimitReader(zeros{}, 100<<20)))
			request.ContentLength = length
			request.Header.Set("Authorization", "Bearer "+b.Tenant.Secret.Text)
			request.Header.Set("Expect", "100-continue")
			response, err := (&http.Transport{ExpectContinueTimeout: timeout}).RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if err != nil || response.StatusCode != http.StatusRequestEntityTooLarge || !isError(t, dialect, string(body)) || !strings.Contains(string(body), "64 MiB") {
				t.Errorf("%s, %s: %d: %s, %v", dialect, name, response.StatusCode, body, err)
			}
		}
	}
	b.untouched()
}

// untouched fails the test if Bursar was asked, or has reserved or booked anything, or if the provider was reached.
func (b *bench) untouched() {
	b.t.Helper()
	var reserved, booked int
	if err := b.Pool.QueryRow(b.t.Context(), `select (select count(*) from reservations), (select count(*) from usage_events)`).Scan(&reserved, &booked); err != nil {
		b.t.Fatal(err)
	}
	if asked, reached := b.asked.Load(), b.reached.Load(); reserved != 0 || booked != 0 || asked != 0 || reached != 0 {
		b.t.Errorf("%d reserved, %d booked, Bursar was asked %d times, the provider was reached %d times", reserved, booked, asked, reached)
	}
	if entries := b.service.Proxy.SpoolStats().Entries; entries != 0 {
		b.t.Errorf("%d entries in the spool", entries)
	}
}

// What is paid by the picture is held and booked by the picture where Bursar has such a price. What is paid by the minute or the character, such as whisper-1, has none: it is
// denied where a budget of dollars counts, and else booked as unpriced.
func TestPaidByThePiece(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasPrefix(r.URL.Path, "/v1/images/") {
			_, _ = io.WriteString(w, `{"created":1,"data":[{"url":"https://pictures.test/1"},{"url":"https://pictures.test/2"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"text":"hello"}`)
	}, func(s *proxy.Settings) {
		for _, p := range s.Providers {
			p.Models = []string{"dall-e-3", "whisper-1"}
		}
	})
	b.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "openai", "model": "dall-e-3", "rates": []any{object{"unit": "IMAGES", "perMillion": "40000"}}}})
	pictures := b.ask(b.Tenant.Secret.Text, "/v1/images/generations", `{"model":"dall-e-3","prompt":"a budget","n":2}`)
	if pictures.status != http.StatusOK || pictures.header.Get("X-Bursar-Held-Cost") != "0.08" {
		t.Errorf("%+v", pictures)
	}
	if e := b.booked(1)[0]; e.Cost != "0.08" || e.Status != "SETTLED" {
		t.Errorf("pictures: %+v", e)
	}
	const sound = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\nsound\r\n--b--\r\n"
	transcribe := func() *answer {
		return b.ask(b.Tenant.Secret.Text, "/v1/audio/transcriptions", sound, "Content-Type", "multipart/form-data; boundary=b")
	}
	if got := transcribe(); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	if e := b.booked(2)[1]; e.Cost != "0" || !e.Estimated || e.Model != "whisper-1" {
		t.Errorf("sound: %+v", e)
	}
	b.settled()
	b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "COST", "amount": "10"}})
	if got := transcribe(); got.status != http.StatusPreconditionFailed || got.header.Get("X-Bursar-Reason") != "PRICE_UNKNOWN" {
		t.Errorf("with a budget: %+v", got)
	}
	b.settled()
	b.booked(2)
	if n := b.reached.Load(); n != 2 {
		t.Errorf("the provider was reached %d times, want 2", n)
	}
}

// A call that names no model is for the first provider of its dialect in the file, with that one's key; one that names a model, on whatever path, is for the model's provider.
func TestCallsWithoutModel(t *testing.T) {
	t.Parallel()
	second := make(chan string, 10)
	others := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		second <- r.URL.Path + " " + r.Header.Get("Authorization")
		answerChat(w, r)
	}))
	t.Cleanup(others.Close)
	first := make(chan string, 10)
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		first <- r.URL.Path + " " + r.Header.Get("Authorization")
		answerChat(w, r)
	}, func(s *proxy.Settings) {
		s.Providers = append(s.Providers, &proxy.Provider{Name: "second", BaseURL: must(url.Parse(others.URL)), Dialect: wire.OpenAI, Key: "sk-second", KeyHeader: "bearer",
			Models: []string{"mine*"}, Prices: "second"})
	})
	for i, call := range []struct{ path, body string }{
		{"/v1/vector_stores", `{"name":"mine"}`}, {"/v1/files", `no JSON`}, {"/v1/fine_tuning/jobs", `{"model":"mine-1"}`}, {"/v1/fine_tuning/jobs", `{"model":"model-1"}`},
	} {
		if got := b.ask(b.Tenant.Secret.Text, call.path, call.body); got.status != http.StatusOK {
			t.Errorf("call %d: %+v", i, got)
		}
	}
	if got := b.ask(b.Tenant.Secret.Text, "/v1/fine_tuning/jobs", `{"model":"unknown"}`); got.status != http.StatusNotFound {
		t.Errorf("an unknown model: %+v", got)
	}
	if len(first) != 3 || len(second) != 1 || <-second != "/v1/fine_tuning/jobs Bearer sk-second" || <-first != "/v1/vector_stores Bearer "+providerKey {
		t.Errorf("%d calls at the first provider, %d at the second", len(first), len(second))
	}
	b.booked(4)
	b.settled()
}
