package test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/fault"
)

// For each kind of limit on a key, a workspace or an organization: of the requests that many gateways send through
// three servers at once, with reservations, reports, releases and extensions between each other, exactly as many are admitted
// as it has room for; each alert is raised once; and what was answered is what is stored.
func TestServersAdmitExactlyWhatFits(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "loads several servers")
	awayFromMidnight(t)
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 3), postgres.Pool(t, url)
	cases := []struct {
		name, subject string
		limit         tight
	}{
		{"cost-of-key", "key", tightCost("NONE")},
		{"tokens-of-workspace", "workspace", tightTokens("MONTHLY")},
		{"cost-of-organization", "organization", tightCost("WEEKLY")},
		{"requests-of-key", "key", tightRate("REQUESTS")},
		{"tokens-of-organization", "organization", tightRate("TOKENS")},
	}
	if dbtest.Repeat(1) < 2 {
		cases = cases[2:4]
	}
	var rounds sync.WaitGroup
	var tenants []*tenant
	for _, c := range cases {
		n := newTenant(f, c.name)
		secret, key := n.key(nil)
		subject := map[string]string{"key": key, "workspace": n.workspace, "organization": n.organization}[c.subject]
		if c.subject == "key" {
			n.widen()
		} else {
			n.wide = n.elsewhere(c.subject)
		}
		r := newRound(n, c.name, subject, secret, c.limit)
		tenants = append(tenants, n)
		rounds.Go(func() { r.run(12, 0, nil) })
	}
	rounds.Wait()
	for _, n := range tenants {
		n.audit(pool)
	}
	verify(t, []string{"DATABASE_URL=" + url})
}

// A request id that reaches all servers at the same moment is one reservation and one row of the ledger, answered to all:
// to one as the first, to the others as a replay. The same id with other contents is a mismatch.
func TestServersKnowTheSameRequest(t *testing.T) {
	t.Parallel()
	url := postgres.NewURL(t)
	f := newFleet(t, url, 3)
	n := newTenant(f, "same")
	n.widen()
	secret, _ := n.key(nil)
	var callers sync.WaitGroup
	for i := range dbtest.Repeat(12) {
		request := fmt.Sprintf("request-%d", i)
		var holds, others atomic.Int64
		var reservations sync.Map
		for c := range 9 { // two of three servers' callers agree; one of each server's does not
			callers.Go(func() {
				tokens := 5
				if c >= 6 {
					tokens = 6
				}
				a, err := f.post(t.Context(), c%3, n.gateway, "ReserveUsage",
					object{"input": object{"key": secret, "requestId": request, "estimate": object{"tokens": tokens}}})
				switch {
				case err != nil:
					t.Error(err)
				case a.code() == fault.IdempotencyMismatch:
					others.Add(1)
				case a.code() != "":
					t.Errorf("%+v", a.Errors)
				default:
					if !a.Data.ReserveUsage.Replayed {
						holds.Add(1)
					}
					reservations.Store(a.Data.ReserveUsage.Reservation.ID, tokens)
				}
			})
		}
		callers.Wait()
		number, first := 0, ""
		reservations.Range(func(id, _ any) bool { number++; first = id.(string); return true })
		if agreed := others.Load(); number != 1 || holds.Load() != 1 || agreed != 3 && agreed != 6 {
			t.Fatalf("%s: %d reservations, %d were told to be the first, %d mismatches", request, number, holds.Load(), agreed)
		}

		var firsts atomic.Int64
		var events sync.Map
		for c := range 6 {
			callers.Go(func() {
				a := f.once(c%3, n.gateway, "RecordUsage", object{"reservationId": first, "requestId": request, "inputTokens": 4}).Data.RecordUsage
				if !a.Replayed {
					firsts.Add(1)
				}
				events.Store(a.UsageEvent.ID, nil)
			})
		}
		callers.Wait()
		number = 0
		events.Range(func(_, _ any) bool { number++; return true })
		if number != 1 || firsts.Load() != 1 {
			t.Fatalf("%s: %d events, %d were told to be the first", request, number, firsts.Load())
		}
	}
	verify(t, []string{"DATABASE_URL=" + url})
}

// What was changed about a key or a limit through one server decides the very next request at every other one.
func TestServersSeeAChangeAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "changes keys on three servers in every way")
	f := newFleet(t, postgres.NewURL(t), 3)
	n := newTenant(f, "change")
	stop, busy := make(chan struct{}), sync.WaitGroup{}
	for i := range 2 { // requests of the same organization are under way again and again, so that batches are
		busy.Go(func() {
			for {
				f.once(i%3, n.gateway, "ReserveUsage", object{"key": n.wide})
				select {
				case <-stop:
					return
				case <-time.After(25 * time.Millisecond):
				}
			}
		})
	}
	for i := range 3 {
		n.changes(i, fmt.Sprint("key ", i))
	}
	close(stop)
	busy.Wait()
}

// changes changes a new key and its limit in every way through one server, and asks all of them after each change.
func (n *tenant) changes(server int, name string) {
	n.t.Helper()
	made := n.once(server, rootToken, "CreateApiKey", object{"ownerId": n.workspace, "name": name,
		"budgetLimits": []object{{"type": "TOKENS", "amount": 10}}}).Data.CreateAPIKey
	secret, key, budget := made.Secret, made.APIKey.ID, made.APIKey.BudgetLimits[0].ID
	change := func(operation string, input object) *answer { return n.once(server, rootToken, operation, input) }
	n.everywhere(secret, "")
	change("UpdateApiKey", object{"id": key, "enabled": false})
	n.everywhere(secret, "KEY_DISABLED")
	change("UpdateApiKey", object{"id": key, "enabled": true})
	n.everywhere(secret, "")

	rotated := change("RotateApiKey", object{"id": key, "transitionSeconds": 600}).Data.RotateAPIKey.Secret
	n.everywhere(secret, "")
	n.everywhere(rotated, "")
	last := change("RotateApiKey", object{"id": key, "transitionSeconds": 0}).Data.RotateAPIKey.Secret
	n.everywhere(secret, "KEY_NOT_FOUND")
	n.everywhere(rotated, "KEY_NOT_FOUND")
	n.everywhere(last, "")

	change("RecordUsage", object{"key": key, "inputTokens": 10})
	n.everywhere(last, "BUDGET_EXHAUSTED")
	change("UpdateBudgetLimit", object{"id": budget, "amount": 11})
	n.everywhere(last, "")
	change("UpdateBudgetLimit", object{"id": budget, "amount": 10})
	n.everywhere(last, "BUDGET_EXHAUSTED")
	change("ResetBudgetLimit", object{"id": budget})
	n.everywhere(last, "")
	change("UpdateBudgetLimit", object{"id": budget, "amount": 1})
	change("RecordUsage", object{"key": key, "inputTokens": 1})
	n.everywhere(last, "BUDGET_EXHAUSTED")
	change("DeleteBudgetLimit", object{"id": budget})
	n.everywhere(last, "")

	n.expire(server, key, last)
	change("UpdateApiKey", object{"id": key, "expiresAt": nil})
	n.everywhere(last, "")
	change("RevokeApiKey", object{"id": key})
	n.everywhere(last, "KEY_REVOKED")
}

// expire lets a key expire by the database's clock, which is this machine's: after that every server refuses it.
func (n *tenant) expire(server int, key, secret string) {
	n.t.Helper()
	expiresAt := time.Now().Add(300 * time.Millisecond)
	n.once(server, rootToken, "UpdateApiKey", object{"id": key, "expiresAt": expiresAt.UTC().Format(time.RFC3339Nano)})
	select {
	case <-n.t.Context().Done():
	case <-time.After(time.Until(expiresAt)):
	}
	n.everywhere(secret, "KEY_EXPIRED")
}

// everywhere wants the same decision of every server, to a check and to a reservation; "" is an admission.
func (n *tenant) everywhere(secret, reason string) {
	n.t.Helper()
	for server := range n.urls {
		checked := n.once(server, n.gateway, "CheckUsage", object{"key": secret}).Data.CheckUsage
		reserved := n.once(server, n.gateway, "ReserveUsage", object{"key": secret}).Data.ReserveUsage
		for operation, d := range map[string]decision{"check": checked, "reserve": reserved.Decision} {
			if d.Allowed != (reason == "") || d.reason() != reason {
				n.t.Errorf("server %d, %s: %+v, want %q", server, operation, d, reason)
			}
		}
	}
}

// elsewhere returns the secret of a key that the limits of a subject do not count.
func (n *tenant) elsewhere(subject string) string {
	n.t.Helper()
	if subject == "organization" { // there is no elsewhere: what is recorded without an estimate would not fit
		return ""
	}
	return n.once(0, rootToken, "CreateApiKey", object{"ownerId": n.organization, "name": "elsewhere"}).Data.CreateAPIKey.Secret
}
