package replay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/auth"
)

// Every number of the report is exactly what the server answered: admissions, denials by their first and by every reason,
// operations that failed for good, and tokens and dollars of what was recorded alone.
func TestReportIsExact(t *testing.T) {
	t.Parallel()
	server := newFakeServer(t)
	server.onReserve = func(row, attempt int) fakeAnswer {
		switch {
		case row%10 == 1:
			return fakeAnswer{reasons: []string{"RATE_LIMITED", "BUDGET_EXHAUSTED", "RATE_LIMITED"}}
		case row%10 == 2:
			return fakeAnswer{reasons: []string{"BUDGET_EXHAUSTED"}}
		case row == 100:
			return fakeAnswer{code: "INTERNAL"}
		case row == 53 && attempt == 1:
			return fakeAnswer{code: "UNAVAILABLE"}
		case row == 54 && attempt == 1:
			return fakeAnswer{drop: true}
		case row == 55 && attempt == 1:
			return fakeAnswer{status: 503}
		}
		return fakeAnswer{}
	}
	server.onRecord = func(row, attempt int) fakeAnswer {
		switch {
		case row == 99:
			return fakeAnswer{code: "RESERVATION_CLOSED"}
		case row == 63 && attempt == 1:
			return fakeAnswer{code: "UNAVAILABLE"}
		case row == 64 && attempt == 1:
			return fakeAnswer{drop: true}
		}
		return fakeAnswer{}
	}
	server.keys = append(server.keys, apiKey{ID: "key_9", Name: "a revoked one", Status: "REVOKED"})
	server.alerts = []map[string]any{fakeAlert(1, "SENT")}
	server.raised = []map[string]any{fakeAlert(4, "SENT", "QUEUED"), fakeAlert(3), fakeAlert(2, "SENT")}

	report, err := Run(t.Context(), server.config(t, rows(100)))
	if err != nil {
		t.Fatal(err)
	}
	var input, output int64
	var nanos int64
	for row, in := range server.recorded {
		input, output = input+in.InputTokens, output+in.OutputTokens
		nanos += expect(t, row, server.reserved[row], in)
	}
	got := *report
	got.Duration, got.Reserve, got.Record, got.FirstError = 0, Latency{}, Latency{}, nil
	want := Report{
		Keys: 3, Requests: 100, Admitted: 79, Denied: 20,
		DeniedFirst: map[string]int64{"RATE_LIMITED": 10, "BUDGET_EXHAUSTED": 10},
		DeniedAny:   map[string]int64{"RATE_LIMITED": 10, "BUDGET_EXHAUSTED": 20},
		Errors:      map[string]int64{"INTERNAL": 1, "RESERVATION_CLOSED": 1},
		InputTokens: input, OutputTokens: output, Dollars: decimal.New(nanos, -9),
		MailsCounted: true, Alerts: 3, Mails: map[string]int64{"SENT": 2, "QUEUED": 1},
		Operations: 99 + 78,
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("report\n%+v, want\n%+v", got, want)
	}
	if len(server.reserved) != 79 || len(server.recorded) != 78 {
		t.Errorf("the server admitted %d and recorded %d, want 79 and 78", len(server.reserved), len(server.recorded))
	}
	if report.FirstError == nil || report.Duration <= 0 || report.Reserve.P50 <= 0 || report.Record.P99 < report.Record.P50 {
		t.Errorf("report %+v", report)
	}
	if len(server.connections) > 8+3 { // one a dropped or refused answer more
		t.Errorf("%d connections were opened for 8 at a time", len(server.connections))
	}
}

// A key whose secret is known is used as a gateway uses it: with the secret and the gateway's token. One that was rotated since, and one whose
// secret nobody knows, are used by their ids with the administrator's token; so are all without a gateway's token.
func TestKnownSecretsAreUsed(t *testing.T) {
	t.Parallel()
	for _, token := range []string{gatewayToken, ""} {
		server := newFakeServer(t)
		current, rotated := auth.NewSecret(auth.APIKeyPrefix), auth.NewSecret(auth.APIKeyPrefix)
		server.keys[0].Prefix, server.keys[1].Prefix = current.Prefix, auth.NewSecret(auth.APIKeyPrefix).Prefix
		config := server.config(t, rows(100))
		config.GatewayToken, config.Secrets = token, []string{current.Text, rotated.Text, "no secret"}
		report, err := Run(t.Context(), config)
		if err != nil || report.Admitted != 100 || len(server.recorded) != 100 {
			t.Fatalf("report %+v, error %v, %d recorded", report, err, len(server.recorded))
		}
		used := map[string]int{}
		for _, in := range server.reserved {
			used[in.Key+in.Secret]++
		}
		first := server.keys[0].ID
		if token != "" {
			first = current.Text
		}
		if len(used) != 3 || used[first] == 0 || used[server.keys[1].ID] == 0 || used[server.keys[2].ID] == 0 {
			t.Errorf("token %q: requests by %v, want some by %s and by the ids of the others", token, used, first)
		}
	}
}

// A second replay of the same file is new requests, not replays of the first one's.
func TestRunsDiffer(t *testing.T) {
	t.Parallel()
	server := newFakeServer(t)
	config := server.config(t, rows(3))
	ids := map[string]bool{}
	for range 2 {
		if _, err := Run(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		for _, in := range server.reserved {
			ids[in.RequestID] = true
		}
		clear(server.reserved)
	}
	if len(ids) != 6 {
		t.Errorf("request ids %v, want 6", ids)
	}
}

// A bad file or configuration is refused before the server hears of anything.
func TestNothingIsSentForBadInput(t *testing.T) {
	t.Parallel()
	server := newFakeServer(t)
	good := server.config(t, rows(1))
	for name, change := range map[string]func(*Config){
		"bad row":     func(c *Config) { c.File = writeTraffic(t, rows(5)+"x,1,2\n") },
		"no file":     func(c *Config) { c.File = "" },
		"no token":    func(c *Config) { c.Token = "" },
		"speed":       func(c *Config) { c.Speed = -1 },
		"connections": func(c *Config) { c.Connections = -1 },
		"URL":         func(c *Config) { c.URL = "127.0.0.1:8080" },
	} {
		config := good
		change(&config)
		if report, err := Run(t.Context(), config); err == nil {
			t.Errorf("%s: report %+v", name, report)
		}
	}
	if server.operations != 0 {
		t.Errorf("%d operations were sent", server.operations)
	}
}

// A token that may not list keys, or sees none, is told before anything is reserved.
func TestRunNeedsKeys(t *testing.T) {
	t.Parallel()
	server := newFakeServer(t)
	config := server.config(t, rows(1))
	config.Token = "bst_other"
	if _, err := Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), "UNAUTHENTICATED") {
		t.Errorf("error %v", err)
	}
	server.keys = []apiKey{{ID: "key_1", Status: "DISABLED"}}
	if _, err := Run(t.Context(), server.config(t, rows(1))); err == nil || !strings.Contains(err.Error(), "no API key") {
		t.Errorf("error %v", err)
	}
	if len(server.reserved) != 0 {
		t.Error("something was reserved")
	}
}

// A token that is revoked meanwhile stops the replay, and so does a server that answers nothing any more; what was done
// until then is reported.
func TestRunGivesUp(t *testing.T) {
	t.Parallel()
	for code, most := range map[string]int64{"UNAUTHENTICATED": 16, "INTERNAL": 5 * giveUpAfter} {
		server := newFakeServer(t)
		server.onReserve = func(row, _ int) fakeAnswer {
			if row > 10 {
				return fakeAnswer{code: code}
			}
			return fakeAnswer{}
		}
		report, err := Run(t.Context(), server.config(t, rows(1000)))
		if err == nil || !strings.Contains(err.Error(), code) || report == nil {
			t.Fatalf("%s: report %v, error %v", code, report, err)
		}
		if failed := report.Errors[code]; report.Admitted > 10 || failed == 0 || failed > most || report.Requests != report.Admitted+failed {
			t.Errorf("%s: %d admitted, %d failed of %d", code, report.Admitted, failed, report.Requests)
		}
		if report.MailsCounted {
			t.Errorf("%s: mails were counted", code)
		}
	}
}

// Ctrl-C stops new requests, and those under way are finished all the same: no hold is left behind.
func TestCancelFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server := newFakeServer(t)
	server.onRecord = func(int, int) fakeAnswer {
		cancel()
		return fakeAnswer{}
	}
	report, err := Run(ctx, server.config(t, rows(1000)))
	if !errors.Is(err, context.Canceled) || report == nil {
		t.Fatalf("report %v, error %v", report, err)
	}
	if report.Admitted == 0 || report.Admitted == 1000 || report.Operations != 2*report.Admitted || len(report.Errors) != 0 {
		t.Errorf("report %+v", report)
	}
	if held, settled := len(server.reserved), len(server.recorded); int64(held) != report.Admitted || settled != held {
		t.Errorf("the server held %d and settled %d, want %d of both", held, settled, report.Admitted)
	}
}

func (s *fakeServer) config(t *testing.T, text string) Config {
	t.Helper()
	return Config{File: writeTraffic(t, header+strings.TrimPrefix(text, header)), URL: s.URL + "/", Token: adminToken, Connections: 8}
}

// expect checks what the server was told of a row and returns its price in nano-dollars.
func expect(t *testing.T, row int, reserved, recorded input) int64 {
	t.Helper()
	in, out := int64(1000+row), int64(row)
	for _, m := range models() {
		if m.name != recorded.Model || m.provider != recorded.Provider {
			continue
		}
		estimate, cost := decimal.New(m.cost(in, 256), -9).String(), decimal.New(m.cost(in, out), -9).String()
		if reserved.Estimate.Tokens != in+256 || reserved.Estimate.Cost != estimate || reserved.TTLSeconds != holdSeconds {
			t.Errorf("row %d: estimated %+v, want %d tokens and $%s", row, reserved, in+256, estimate)
		}
		if recorded.InputTokens != in || recorded.OutputTokens != out || recorded.Cost != cost {
			t.Errorf("row %d: recorded %+v, want $%s", row, recorded, cost)
		}
		return m.cost(in, out)
	}
	t.Errorf("row %d: unknown model %q of %q", row, recorded.Model, recorded.Provider)
	return 0
}

// rows writes traffic in which the n-th row has 1000+n tokens in and n out.
func rows(number int) string {
	var text strings.Builder
	text.WriteString(header)
	for n := range number {
		fmt.Fprintf(&text, "2023-11-16 18:15:46.6805900,%d,%d\n", 1001+n, 1+n)
	}
	return text.String()
}

func fakeAlert(n int, statuses ...string) map[string]any {
	deliveries := []map[string]any{}
	for _, status := range statuses {
		deliveries = append(deliveries, map[string]any{"status": status})
	}
	return map[string]any{"id": fmt.Sprintf("alt_%d", n), "deliveries": deliveries}
}
