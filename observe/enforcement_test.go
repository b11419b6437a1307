package observe

import (
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
	"bursar/enforce"
)

func newEnforcement(t testing.TB) (*Metrics, enforce.Observer) {
	t.Helper()
	m := &Metrics{registry: prometheus.NewRegistry(), logger: slog.New(slog.DiscardHandler)}
	observer, err := m.ObserveEnforcement("")
	if err != nil {
		t.Fatal(err)
	}
	return m, observer
}

func denial(reason db.DenialReason, kind db.LimitKind) *db.Denial {
	return &db.Denial{Reason: reason, Limit: &db.LimitStatus{Kind: kind}}
}

// Guarantee: a request counts once, under the reason that decides its HTTP status: the key's before a budget's before a rate
// limit's; a reason of a later version is OTHER; a request that is not answered is no decision.
func TestDecisionsCountOnce(t *testing.T) {
	t.Parallel()
	m, observer := newEnforcement(t)
	rate, budget := denial(db.DenialReasonRATELIMITED, db.LimitKindRATE), denial(db.DenialReasonBUDGETEXHAUSTED, db.LimitKindBUDGET)
	for _, denials := range [][]*db.Denial{
		nil,
		{rate},
		{rate, denial(db.DenialReasonESTIMATEEXCEEDSLIMIT, db.LimitKindRATE)},
		{rate, budget, denial(db.DenialReasonESTIMATEEXCEEDSLIMIT, db.LimitKindBUDGET)},
		{rate, budget, {Reason: db.DenialReasonKEYREVOKED}},
		{denial("OF_NEXT_YEAR", db.LimitKindBUDGET)},
	} {
		observer.Answered(enforce.CheckUsage, &db.UsageAnswer{Denials: denials})
	}
	observer.Answered(enforce.CheckUsage, &db.UsageAnswer{Error: new("NOT_FOUND")})
	observer.Answered(enforce.ReleaseReservation, &db.UsageAnswer{})
	observer.Answered(enforce.ReleaseReservation, &db.UsageAnswer{Denials: []*db.Denial{rate}}) // which no version does
	contains(t, scrape(t, m.Handler()),
		`bursar_decisions_total{operation="checkUsage",outcome="allowed",reason=""} 1`,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="RATE_LIMITED"} 2`,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="BUDGET_EXHAUSTED"} 1`,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="KEY_REVOKED"} 1`,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="OTHER"} 1`,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="ESTIMATE_EXCEEDS_LIMIT"} 0`,
		`bursar_decisions_total{operation="releaseReservation",outcome="done",reason=""} 1`)
}

// Guarantee: a statement that is run again is one retry, and its requests' waits are what they were.
func TestStatementsAreTimed(t *testing.T) {
	t.Parallel()
	m, observer := newEnforcement(t)
	observer.Waited(enforce.RecordUsage, 3*time.Second)
	observer.Ran(enforce.RecordUsage, 256, 1, time.Millisecond, nil)
	observer.Ran(enforce.RecordUsage, 1, 2, 2*time.Millisecond, nil)
	contains(t, scrape(t, m.Handler()),
		`bursar_enforcement_retries_total{operation="recordUsage"} 1`,
		`bursar_enforcement_queue_wait_seconds_bucket{operation="recordUsage",le="2.5"} 0`,
		`bursar_enforcement_queue_wait_seconds_bucket{operation="recordUsage",le="5"} 1`,
		`bursar_enforcement_statement_duration_seconds_sum{operation="recordUsage"} 0.003`,
		`bursar_enforcement_batch_requests_bucket{operation="recordUsage",le="128"} 1`,
		`bursar_enforcement_batch_requests_bucket{operation="recordUsage",le="256"} 2`,
		`bursar_enforcement_batch_requests_bucket{operation="checkUsage",le="+Inf"} 0`)
}

// BenchmarkEnforcement is what counting and timing a batch of 256 costs, of which every fourth is denied.
func BenchmarkEnforcement(b *testing.B) {
	_, observer := newEnforcement(b)
	allowed := &db.UsageAnswer{Allowed: true}
	denied := &db.UsageAnswer{Denials: []*db.Denial{denial(db.DenialReasonRATELIMITED, db.LimitKindRATE)}}
	b.ReportAllocs()
	for b.Loop() {
		for i := range 256 {
			observer.Waited(enforce.ReserveUsage, time.Duration(i)*10*time.Microsecond)
		}
		observer.Ran(enforce.ReserveUsage, 256, 1, time.Millisecond, nil)
		for i := range 256 {
			if i%4 == 0 {
				observer.Answered(enforce.ReserveUsage, denied)
			} else {
				observer.Answered(enforce.ReserveUsage, allowed)
			}
		}
	}
}

// Guarantee: usage that is booked without a price counts once, however many requests it is for; a replay of it does not, and neither does usage with a price.
func TestUnpricedRecordsCountOnce(t *testing.T) {
	t.Parallel()
	m, observer := newEnforcement(t)
	for _, answer := range []*db.UsageAnswer{
		{UsageEvent: &db.UsageEvent{Unpriced: true, Requests: 0}},
		{UsageEvent: &db.UsageEvent{Unpriced: true, Requests: 7}},
		{UsageEvent: &db.UsageEvent{Unpriced: true, Requests: 1}, Replayed: true},
		{UsageEvent: &db.UsageEvent{Requests: 1}},
		{},
	} {
		observer.Answered(enforce.RecordUsage, answer)
	}
	contains(t, scrape(t, m.Handler()), `bursar_unpriced_records_total 2`)
}
