package api_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

// answered is an answer to a request for an export.
type answered struct {
	status int
	header http.Header
	body   string
}

// exported requests an export.
func exported(a *graphtest.API, token, path string, query url.Values) *answered {
	a.T.Helper()
	request, err := http.NewRequestWithContext(a.T.Context(), http.MethodGet, a.URL+"/export/"+path+"?"+query.Encode(), nil)
	if err != nil {
		a.T.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.T.Fatal(err)
	}
	return &answered{response.StatusCode, response.Header, string(body)}
}

// rows returns the rows of an export, by the names of their columns.
func (d *answered) rows(t *testing.T) []map[string]string {
	t.Helper()
	if d.status != http.StatusOK || !strings.HasPrefix(d.header.Get("Content-Type"), "text/csv") {
		t.Fatalf("status %d, %s: %s", d.status, d.header.Get("Content-Type"), d.body)
	}
	records, err := csv.NewReader(strings.NewReader(d.body)).ReadAll()
	if err != nil {
		t.Fatalf("%v: %s", err, d.body)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// refused fails the test unless the answer is an error with a status and a code, about a parameter.
func (d *answered) refused(t *testing.T, status int, code, field string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Extensions struct{ Code, Field string }
		}
	}
	if err := json.Unmarshal([]byte(d.body), &body); err != nil || len(body.Errors) != 1 {
		t.Fatalf("%v: %s", err, d.body)
	}
	if got := body.Errors[0].Extensions; d.status != status || got.Code != code || got.Field != field {
		t.Fatalf("status %d, want %d %s about %q: %s", d.status, status, code, field, d.body)
	}
}

// always is a time that everything is in.
func always(more url.Values) url.Values {
	query := url.Values{"from": {"2020-01-01"}, "to": {"2036-01-01T00:00:00Z"}}
	for name, values := range more {
		query[name] = values
	}
	return query
}

// The exports have what was used, by what they are asked for: sums, the ledger's rows and the audit log, oldest first.
func TestExports(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, model := range []string{"m-1", "m-2"} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "requestId": "r " + model, "provider": "openai", "model": model,
			"inputTokens": 100, "outputTokens": 20, "cachedInputTokens": 40, "cost": "0.25", "metadata": object{"team": "blue"}}})
	}
	usage := exported(a, a.Viewer, "usage.csv", always(url.Values{"interval": {"MONTH"}, "groupBy": {"api_key,model"}})).rows(t)
	if len(usage) != 2 || usage[0]["model"] != "m-1" || usage[1]["model"] != "m-2" || usage[0]["apiKeyId"] != a.KeyID() ||
		usage[0]["tokens"] != "120" || usage[0]["cost"] != "0.25" || usage[0]["denied"] != "0" || usage[0]["requests"] != "1" {
		t.Errorf("%v", usage)
	}
	total := exported(a, a.Viewer, "usage.csv", always(nil)).rows(t)
	if len(total) != 1 || total[0]["tokens"] != "240" || total[0]["cost"] != "0.5" || len(total[0]) != 10 {
		t.Errorf("%v", total)
	}
	events := exported(a, a.Viewer, "events.csv", nil).rows(t)
	if len(events) != 2 || events[0]["requestId"] != "r m-1" || events[1]["model"] != "m-2" || events[0]["metadata"] != `{"team":"blue"}` ||
		events[0]["cachedInputTokens"] != "40" {
		t.Errorf("%v", events)
	}
	entries := exported(a, a.Viewer, "audit.csv", nil).rows(t)
	if len(entries) == 0 || entries[0]["organizationId"] != a.OrganizationID() || entries[0]["id"] == "" {
		t.Errorf("%v", entries)
	}
	focus := exported(a, a.Viewer, "usage.csv", always(url.Values{"format": {"focus"}})).rows(t)
	if len(focus) != 2 || focus[0]["SkuId"] != "openai/m-1" || focus[0]["PricingQuantity"] != "120" || focus[0]["PricingUnit"] != "tokens" ||
		focus[0]["BilledCost"] != "0.25" || focus[0]["ResourceId"] != a.KeyID() || focus[0]["x_CachedInputTokens"] != "40" {
		t.Errorf("%v", focus)
	}
}
