package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
)

// BenchmarkBulk is what an item costs the server beside the database: reserved and recorded in requests of 64 over 1,000 keys, with what
// gateway.Client selects.
func BenchmarkBulk(b *testing.B) {
	a := newAPI(b)
	const items = 64
	secrets := make([]string, 1000)
	for i := range secrets {
		_, secret := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
		secrets[i] = secret.Text
	}
	post := func(operation, list, selection string, inputs []any) []map[string]any {
		body, err := json.Marshal(object{"operationName": operation, "variables": object{"input": object{list: inputs}}, "query": fmt.Sprintf(
			`mutation %s($input: %sInput!) { %s(input: $input) { answers { %s error { code message field } } } }`, operation, operation,
			string(operation[0]+'a'-'A')+operation[1:], selection)})
		if err != nil {
			b.Fatal(err)
		}
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, a.URL+"/graphql", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + a.Gateway}}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			b.Fatal(err)
		}
		var answer struct {
			Data map[string]struct{ Answers []map[string]any }
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			b.Fatal(err)
		}
		for _, payload := range answer.Data {
			if len(payload.Answers) == items {
				return payload.Answers
			}
		}
		b.Fatalf("%.500s", text)
		return nil
	}
	number := 0
	for b.Loop() {
		var requests, events []any
		for range items {
			number++
			requests = append(requests, object{"secret": secrets[number%len(secrets)], "requestId": fmt.Sprint("r-", number),
				"estimate": object{"inputTokens": 700, "maxOutputTokens": 300, "cost": "0.01"}, "ttlSeconds": 600})
		}
		for i, answer := range post("ReserveUsages", "requests", `replayed reservation { id status apiKeyId admittedAt expiresAt tokens cost }
			decision { allowed httpStatus retryAfterSeconds apiKeyId denials { reason message limitId retryAt } }`, requests) {
			reservation, _ := answer["reservation"].(map[string]any)
			events = append(events, object{"reservationId": reservation["id"], "requestId": fmt.Sprint("e-", number, "-", i), "requests": 1,
				"inputTokens": 700, "outputTokens": 200, "cost": "0.008", "provider": "openai", "model": "gpt-4o"})
		}
		post("RecordUsages", "events", "replayed usageEvent { id tokens cost }", events)
	}
}
