package replay

import (
	"time"

	"github.com/shopspring/decimal"
)

// Report is what a replay did and what the server answered.
type Report struct {
	Keys     int   // that requests were spread over
	Requests int64 // that were answered or failed: Admitted + Denied + those whose reservation failed
	Admitted int64
	Denied   int64
	// Denied requests by reason: each once under the first reason that the server named, and once under every reason named.
	DeniedFirst, DeniedAny map[string]int64
	// Requests whose reservation or record failed in spite of every retry, by GraphQL error code, HTTP_ and the status,
	// UNREACHABLE or MALFORMED. An admitted request whose record failed is in Admitted as well.
	Errors     map[string]int64
	FirstError error // nil when there was none

	// What was recorded.
	InputTokens, OutputTokens int64
	Dollars                   decimal.Decimal

	// Alerts that were raised during the replay, also by other traffic, in what is visible to the token; and their mails by
	// delivery status at its end. MailsCounted is false when the replay stopped early and did not ask.
	MailsCounted bool
	Alerts       int64
	Mails        map[string]int64

	Duration        time.Duration
	Operations      int64   // reservations and records that were answered
	Reserve, Record Latency // retries and their pauses included
}

// Latency is how long operations took.
type Latency struct{ P50, P99 time.Duration }

// OperationsPerSecond returns how many reservations and records were answered a second; 0 for none.
func (r *Report) OperationsPerSecond() float64 {
	if r.Duration <= 0 {
		return 0
	}
	return float64(r.Operations) / r.Duration.Seconds()
}

func newReport(t *tally, duration time.Duration) *Report {
	answered := int64(len(t.reserves))
	failed := sum(t.errors) - (t.admitted - t.recorded) // the others failed to record
	return &Report{
		Requests: answered + failed, Admitted: t.admitted, Denied: t.denied,
		DeniedFirst: t.deniedFirst, DeniedAny: t.deniedAny,
		Errors: t.errors, FirstError: t.firstError,
		InputTokens: t.inputTokens, OutputTokens: t.outputTokens, Dollars: t.cost,
		Mails:    map[string]int64{},
		Duration: duration, Operations: answered + int64(len(t.records)),
		Reserve: latency(t.reserves), Record: latency(t.records),
	}
}

func (r *Report) countMails(alerts []alert) {
	r.MailsCounted = true
	r.Alerts = int64(len(alerts))
	for _, raised := range alerts {
		for _, delivery := range raised.Deliveries {
			r.Mails[delivery.Status]++
		}
	}
}

func sum(numbers map[string]int64) int64 {
	var total int64
	for _, number := range numbers {
		total += number
	}
	return total
}
