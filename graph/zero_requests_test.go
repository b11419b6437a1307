package graph_test

import "testing"

// A request that counts as none would pass every request rate: some clients, genqlient among them, send 0 for what was not set. So
// `requests: 0` is refused with its field, in reservations and checks, unless it comes with allowZeroRequests: true. A request rate of 2 a
// day admits 2 of 4.
func TestZeroRequestsMustBeMeant(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "REQUESTS", "limit": 2, "interval": "DAY"}})
	unset := object{"key": a.KeyID(), "estimate": object{"requests": 0, "tokens": 0, "cost": "0"}} // as genqlient sends it
	meant := object{"key": a.KeyID(), "estimate": object{"requests": 0, "allowZeroRequests": true}}
	notMeant := object{"key": a.KeyID(), "estimate": object{"requests": 0, "allowZeroRequests": false}}
	for _, operation := range []string{"ReserveUsage", "CheckUsage"} {
		for range 4 {
			a.Refused(a.Gateway, operation, object{"input": unset}, "BAD_USER_INPUT", "estimate.requests")
		}
		a.Refused(a.Gateway, operation, object{"input": notMeant}, "BAD_USER_INPUT", "estimate.requests")
	}
	admitted := 0
	for range 4 {
		a.Run(a.Gateway, "CheckUsage", object{"input": meant}).Equal(admitted < 2, "checkUsage", "allowed")
		if a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 5}}}).
			Get("reserveUsage", "decision", "allowed").(bool) {
			admitted++
		}
	}
	if admitted != 2 {
		t.Errorf("%d of 4 were admitted, want 2", admitted)
	}
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"requests": 1}}}).Equal(429, "reserveUsage", "decision", "httpStatus")
	// explicit zero is zero for tokens and dollars, and in what is recorded
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "requests": 0, "inputTokens": 0, "cost": 0}}).Equal("2", "recordUsage", "limits", 0, "used")
}
