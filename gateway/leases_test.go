package gateway_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/graph/graphtest"
	"bursar/usage"
)

// newLeasing returns a client that decides out of leases, and how many requests it has sent.
func newLeasing(t *testing.T, a *graphtest.API, change func(*gateway.Config)) (*gateway.Client, *atomic.Int64) {
	t.Helper()
	sent := &atomic.Int64{}
	return newClient(t, a, func(config *gateway.Config) {
		config.Lease = gateway.LeaseAuto
		config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			sent.Add(1)
			return http.DefaultTransport.RoundTrip(r)
		})
		if change != nil {
			change(config)
		}
	}), sent
}

// call makes a call of 10 tokens at most that uses some.
func call(t *testing.T, a *graphtest.API, client *gateway.Client, used int64) error {
	t.Helper()
	held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 4, MaxOutputTokens: new(int64(6))})
	if err != nil {
		return err
	}
	report := gateway.Report{ReservationID: held.ID, Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(),
		Parts: usage.Parts{Requests: 1, InputTokens: used}}
	if _, err := client.Record(t.Context(), report); err != nil {
		t.Fatal(err)
	}
	return nil
}

// until makes calls until something is true.
func until(t *testing.T, a *graphtest.API, client *gateway.Client, what string, is func() bool) (calls int64) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !is(); calls++ {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s; %+v", what, client.LeaseStats())
		}
		if err := call(t, a, client, 7); err != nil {
			t.Fatal(err)
		}
	}
	return calls
}

// held returns what is used and reserved of a budget.
func held(t *testing.T, a *graphtest.API, budget string) (used, reserved any) {
	t.Helper()
	answer := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { ... on BudgetLimit { used reserved } } }`, "variables": object{"id": budget}})
	return answer.Get("node", "used"), answer.Get("node", "reserved")
}

// Calls of a key that makes several a second are decided without a request to Bursar, are booked in full, and draw on a lease, which is returned in the end: nothing is
// held then, and what is used is what was recorded.
func TestCallsAreDecidedOutOfLeases(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	tokens := budget(t, a, "TOKENS", "1000000")
	client, sent := newLeasing(t, a, nil)
	calls := until(t, a, client, "a lease", func() bool { return client.LeaseStats().Open > 0 })
	before := sent.Load()
	const more = 20
	for range more {
		if err := call(t, a, client, 7); err != nil {
			t.Fatal(err)
		}
	}
	stats := client.LeaseStats()
	if requests := sent.Load() - before; stats.Leased == 0 || requests > 2*more {
		t.Errorf("%d requests for %d calls; %+v", requests, more, stats)
	}
	released, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 4, MaxOutputTokens: new(int64(6))})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Release(t.Context(), released.ID); err != nil {
		t.Fatal(err)
	}
	client.Shutdown(t.Context())
	used, reserved := held(t, a, tokens)
	if want := fmt.Sprint(7 * (calls + more)); used != want || reserved != "0" {
		t.Errorf("used %v, reserved %v, want %v and 0", used, reserved, want)
	}
	if open := client.LeaseStats().Open; open != 0 {
		t.Errorf("%d leases are open", open)
	}
	if got := ledger(t, a); int64(len(got)) != calls+more {
		t.Errorf("%d events, want %d", len(got), calls+more)
	}
}

// Two clients share a budget with leases: together they admit as many calls as it has room for, not one more, and none is denied while there is room that nobody uses.
func TestLeasesNeverOverspend(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	const room = 100
	tokens := budget(t, a, "TOKENS", fmt.Sprint(10*room))
	clients := [2]*gateway.Client{}
	for i := range clients {
		clients[i], _ = newLeasing(t, a, nil)
	}
	admitted, denied := 0, [2]bool{}
	for deadline := time.Now().Add(timeout); !denied[0] || !denied[1]; {
		if time.Now().After(deadline) {
			t.Fatal("not denied in time")
		}
		for i, client := range clients {
			err := call(t, a, client, 10)
			switch {
			case err == nil:
				admitted++
				denied = [2]bool{}
			case errors.Is(err, gateway.BudgetExhausted):
				denied[i] = true
			default:
				t.Fatal(err)
			}
		}
	}
	for _, client := range clients {
		client.Shutdown(t.Context())
	}
	if used, reserved := held(t, a, tokens); admitted != room || used != fmt.Sprint(10*room) || reserved != "0" {
		t.Errorf("%d calls, used %v, reserved %v", admitted, used, reserved)
	}
}

// What Bursar answers to a lease of a key that may not be used ends the leases of the client, and so does the expiry of the one that it holds.
func TestLeasesEndWithTheKey(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "1000000")
	client, _ := newLeasing(t, a, func(config *gateway.Config) { config.LeaseTTL = time.Second })
	until(t, a, client, "a lease", func() bool { return client.LeaseStats().Leased > 0 })
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": false}})
	disabled := time.Now()
	for {
		err := call(t, a, client, 7)
		if errors.Is(err, gateway.KeyDisabled) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if time.Since(disabled) > timeout {
			t.Fatal("calls go on")
		}
	}
}

// Calls whose cost Bursar knows are decided by a bound that it has said: one that no call of their model and sizes passes.
func TestLeasesKnowCosts(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	setPrice(t, a, "1", "2")
	dollars := budget(t, a, "COST", "100")
	client, _ := newLeasing(t, a, nil)
	for deadline := time.Now().Add(timeout); client.LeaseStats().Leased < 5; {
		if time.Now().After(deadline) {
			t.Fatalf("nothing is leased: %+v", client.LeaseStats())
		}
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, Provider: "test", Model: "model-1", InputTokens: 1000, MaxOutputTokens: new(int64(500))})
		if err != nil {
			t.Fatal(err)
		}
		report := gateway.Report{ReservationID: held.ID, Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(), Provider: "test",
			Parts: usage.Parts{Requests: 1, Model: "model-1", InputTokens: 1000, OutputTokens: 500}}
		recorded, err := client.Record(t.Context(), report)
		if err != nil || recorded.Cost != "0.002" {
			t.Fatalf("recorded %+v, %v", recorded, err)
		}
	}
	client.Shutdown(t.Context())
	if _, reserved := held(t, a, dollars); reserved != "0" {
		t.Errorf("%v are reserved", reserved)
	}
}

// Where leases are not allowed every call is asked for, and goes on.
func TestLeasesAreNotAllowed(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "1000000")
	a.Post(a.Admin, object{"query": `mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { id } } }`,
		"variables": object{"input": object{"organizationId": a.OrganizationID(), "allowed": false}}}).Text("setLeasePolicy", "organization", "id")
	client, _ := newLeasing(t, a, nil)
	until(t, a, client, "a denial", func() bool { return client.LeaseStats().Denied > 0 })
	if stats := client.LeaseStats(); stats.Leased > 0 || stats.Open > 0 {
		t.Errorf("%+v", stats)
	}
}
