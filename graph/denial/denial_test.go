package denial

import (
	"testing"
	"time"

	"bursar/db"
)

// A gateway answers 200 when nothing denies, 401 for the key, 409 for a reservation that is closed, 412 for a budget and 429 for a rate limit.
func TestHTTPStatus(t *testing.T) {
	t.Parallel()
	for denier, want := range map[db.Denier]int{db.DeniedByNothing: 200, db.DeniedByKey: 401, db.DeniedByReservation: 409, db.DeniedByBudget: 412, db.DeniedByRate: 429} {
		if got := HTTPStatus(denier); got != want {
			t.Errorf("%q: %d, want %d", denier, got, want)
		}
	}
}

// A denial is explained in a sentence: the key's state, or the limit with its period, its amount and what it has left or was asked. Dollars have their
// cents, and whatever further places they have.
func TestMessage(t *testing.T) {
	t.Parallel()
	april := time.Date(2026, 4, 1, 2, 0, 0, 0, time.FixedZone("", 2*60*60))
	dollars := &db.LimitStatus{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodMONTHLY, MaxUnits: 10e9, ReservedUnits: 8e9}
	local := &db.LimitStatus{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodEVERYDAYS, MaxUnits: 10e9, ReservedUnits: 8e9,
		PeriodEnd: &april, Calendar: &db.Calendar{TimeZone: "Europe/Berlin", ResetDays: new(int16(10)), LocalEnd: "2026-04-01T00:00:00"}}
	tokens := &db.LimitStatus{Kind: db.LimitKindBUDGET, Type: db.LimitTypeTOKENS, Period: db.LimitPeriodNONE, MaxUnits: 100}
	requests := &db.LimitStatus{Kind: db.LimitKindRATE, Type: db.LimitTypeREQUESTS, Period: db.LimitPeriodMINUTE, MaxUnits: 5}
	for want, denial := range map[string]*db.Denial{
		"There is no such API key.": {Reason: db.DenialReasonKEYNOTFOUND},
		"There is no such API key. This access token takes no ids: send what the caller presented as secret. A token with acceptsKeyIds takes ids.": {
			Reason: db.DenialReasonKEYNOTFOUND, OfRefusedID: true},
		"The API key is disabled.": {Reason: db.DenialReasonKEYDISABLED},
		"The API key has expired.": {Reason: db.DenialReasonKEYEXPIRED},
		"The API key was revoked.": {Reason: db.DenialReasonKEYREVOKED},
		"The reservation of this requestId was settled or released, or has expired; a new request needs a requestId of its own.": {
			Reason: db.DenialReasonRESERVATIONCLOSED},
		"The monthly cost limit of $10.00 has $2.00 left, until 2026-04-01T00:00:00Z.": {
			Reason: db.DenialReasonBUDGETEXHAUSTED, Limit: dollars, EstimateUnits: 5e9, RetryAt: &april},
		"The monthly cost limit of $10.00 is smaller than the estimate of $11.00.": {
			Reason: db.DenialReasonESTIMATEEXCEEDSLIMIT, Limit: dollars, EstimateUnits: 11e9},
		"The API key may hold $2.50 in requests that are not settled, a share of the monthly cost limit of $10.00; the estimate of $3.00 is more than that leaves.": {
			Reason: db.DenialReasonHOLDSEXCEEDED, Limit: dollars, EstimateUnits: 3e9, BoundUnits: 25e8},
		"The weekly cost limit of $0.05 has $0.0300001 left, until the limit is raised or reset.": {
			Reason: db.DenialReasonBUDGETEXHAUSTED, EstimateUnits: 5e9,
			Limit: &db.LimitStatus{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodWEEKLY, MaxUnits: 5e7, ReservedUnits: 19_999_900}},
		"The 10-day cost limit of $10.00 has $2.00 left, until 1 April 2026 00:00 Europe/Berlin.": {
			Reason: db.DenialReasonBUDGETEXHAUSTED, Limit: local, EstimateUnits: 5e9, RetryAt: &april},
		"The total token limit of 100 has 100 left, until the limit is raised or reset.": {
			Reason: db.DenialReasonBUDGETEXHAUSTED, Limit: tokens, EstimateUnits: 50},
		"The per-minute request limit of 5 is smaller than the estimate of 6.": {
			Reason: db.DenialReasonESTIMATEEXCEEDSLIMIT, Limit: requests, EstimateUnits: 6},
	} {
		if got := Message(denial); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
