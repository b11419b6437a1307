package proxy_test

import (
	"net/http"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/gateway/proxy"
)

// With leases calls of a busy key are decided by the gateway: also where its limits are dollars, by the price of the model. Each is booked, and when the gateway ends nothing is held.
func TestCallsAreDecidedOutOfLeases(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, func(s *proxy.Settings) { s.Bursar.Lease, s.Bursar.LeaseTTL = true, gateway.DefaultLeaseTTL })
	b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "COST", "amount": "100"}})
	calls := 0
	for deadline := time.Now().Add(timeout); b.service.Proxy.LeaseStats().Leased < 5; calls++ {
		if time.Now().After(deadline) {
			t.Fatalf("no lease in time: %+v", b.service.Proxy.LeaseStats())
		}
		if got := b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","max_tokens":50,"messages":[]}`); got.status != http.StatusOK {
			t.Fatalf("call %d: %+v", calls, got)
		}
	}
	b.service.Stop(timeout)
	var events, held int
	err := b.Pool.QueryRow(t.Context(), `select (select count(*) from usage_events), (select sum(reserved_units) from counters)`).Scan(&events, &held)
	if err != nil || events != calls || held != 0 {
		t.Errorf("%d calls, %d events, %d held (%v)", calls, events, held, err)
	}
}
