package gateway_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/graph/graphtest"
)

type object = graphtest.Object

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = time.Minute

// newClient returns a client of a server, with whatever changes its configuration.
func newClient(t *testing.T, a *graphtest.API, change func(*gateway.Config)) *gateway.Client {
	t.Helper()
	config := gateway.Config{URLs: []string{a.URL}, Token: a.Gateway, Timeout: timeout, AttemptTimeout: timeout}
	if change != nil {
		change(&config)
	}
	client, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// setPrice sets everybody's price of the models whose names begin with "model", in dollars per million tokens.
func setPrice(t *testing.T, a *graphtest.API, input, output string) {
	t.Helper()
	a.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "test", "model": "model*", "rates": []any{
		object{"unit": "INPUT_TOKENS", "perMillion": input}, object{"unit": "OUTPUT_TOKENS", "perMillion": output}}}})
}

// budget makes a budget of the tenant's key and returns its id.
func budget(t *testing.T, a *graphtest.API, kind, amount string) string {
	t.Helper()
	return a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": kind, "amount": amount}}).
		Text("createBudgetLimit", "budgetLimit", "id")
}

// event is a row of the ledger.
type event struct {
	Requests, InputTokens, OutputTokens, CachedInputTokens int64
	Cost, Model, Reservation                               string
	Estimated                                              bool
}

// ledger returns what is booked, the oldest first.
func ledger(t *testing.T, a *graphtest.API) []event {
	t.Helper()
	rows, err := a.Pool.Query(t.Context(), `select requests, input_tokens, output_tokens, cached_input_tokens, (cost_nanos::numeric / 1e9)::text,
		model, coalesce(reservation_id::text, ''), metadata->>'estimated' is not distinct from 'true' from usage_events order by recorded_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []event
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.Requests, &e.InputTokens, &e.OutputTokens, &e.CachedInputTokens, &e.Cost, &e.Model, &e.Reservation, &e.Estimated); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// status returns what has become of the only reservation.
func status(t *testing.T, a *graphtest.API) (status string, number int) {
	t.Helper()
	err := a.Pool.QueryRow(t.Context(), `select coalesce(max(status::text), ''), count(*) from reservations`).Scan(&status, &number)
	if err != nil {
		t.Fatal(err)
	}
	return status, number
}

// roundTripper is a transport of one function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answerOf returns an answer that no server has given.
func answerOf(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(body)))}
}
