package gateway

import (
	"context"
	"time"
)

// MaxOutageKeys is how many keys an Outage may name.
const MaxOutageKeys = 100

// Outage is a time in which a gateway let calls go on although Bursar did not answer.
type Outage struct {
	// RequestID names the outage and is required. Retries keep it.
	RequestID string
	// Began is when the first decision failed, Ended when Bursar answered again.
	Began, Ended time.Time
	// Calls are those that went on, Cost is what they have cost at most, in US dollars.
	Calls int64
	Cost  Decimal
	// Keys are 1 to MaxOutageKeys of one organization: those that may have cost most, if there were more.
	Keys []OutageKey
}

// OutageKey is what a key's calls have cost at most in an Outage.
type OutageKey struct {
	APIKeyID string  `json:"apiKeyId"`
	Calls    int64   `json:"calls"`
	Cost     Decimal `json:"cost"`
}

// outageInput is ReportOutageInput.
type outageInput struct {
	RequestID string      `json:"requestId"`
	BeganAt   time.Time   `json:"beganAt"`
	EndedAt   time.Time   `json:"endedAt"`
	Calls     int64       `json:"calls"`
	Cost      Decimal     `json:"cost"`
	Keys      []OutageKey `json:"keys"`
}

// ReportOutage has an outage written to the organization's audit log, once, however often it is reported. It books nothing: record what the calls used.
func (c *Client) ReportOutage(ctx context.Context, o Outage) error {
	input := outageInput{RequestID: o.RequestID, BeganAt: o.Began.UTC(), EndedAt: o.Ended.UTC(), Calls: o.Calls, Cost: o.Cost, Keys: o.Keys}
	var answer struct{ ReportOutage *struct{ Replayed bool } }
	if err := c.do(ctx, &c.operations.outage, input, &answer); err != nil {
		return err
	}
	if answer.ReportOutage == nil {
		return malformed("no answer to reportOutage")
	}
	return nil
}
