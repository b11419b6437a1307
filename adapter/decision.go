package adapter

import (
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/gateway/wire"
	"bursar/graph/denial"
	"bursar/id"
)

// Decision is the form of a decision in JSON. Names and units are those of UsageDecision and Reservation of the GraphQL API.
type Decision struct {
	Allowed           bool         `json:"allowed"`
	Status            int          `json:"status"` // of HTTP, that the caller should be told
	RetryAfterSeconds *int         `json:"retryAfterSeconds"`
	APIKeyID          *string      `json:"apiKeyId"`
	Replayed          bool         `json:"replayed"`
	Reservation       *Reservation `json:"reservation"` // nil: nothing is held
	Denials           []Denial     `json:"denials"`
	Limits            []Limit      `json:"limits"`
}

// Reservation is what is held.
type Reservation struct {
	ID        string          `json:"id"`
	Tokens    int64           `json:"tokens"`
	Cost      decimal.Decimal `json:"cost"` // US dollars
	ExpiresAt time.Time       `json:"expiresAt"`
}

// Denial is one reason.
type Denial struct {
	Reason  db.DenialReason `json:"reason"`
	Message string          `json:"message"`
	LimitID *string         `json:"limitId"`
	RetryAt *time.Time      `json:"retryAt"`
}

// Limit is a limit as it stands after the decision.
type Limit struct {
	LimitID   string          `json:"limitId"`
	SubjectID string          `json:"subjectId"`
	Kind      db.LimitKind    `json:"kind"`
	Type      db.LimitType    `json:"type"`
	Max       decimal.Decimal `json:"max"`
	Used      decimal.Decimal `json:"used"`
	Reserved  decimal.Decimal `json:"reserved"`
	Remaining decimal.Decimal `json:"remaining"`
	ResetsAt  *time.Time      `json:"resetsAt"`
	Enforced  bool            `json:"enforced"`
}

// DecisionOf returns the form of an answer to a check or a reservation.
func DecisionOf(answer *db.UsageAnswer) *Decision {
	d := &Decision{
		Status: denial.HTTPStatus(answer.DeniedBy()), RetryAfterSeconds: answer.RetryAfterSeconds(), APIKeyID: answer.ExternalAPIKeyID(),
		Replayed: answer.Replayed, Denials: []Denial{}, Limits: []Limit{},
	}
	d.Allowed = d.Status == http.StatusOK
	if !d.Allowed {
		for _, one := range answer.Refusals() {
			d.Denials = append(d.Denials, Denial{one.Reason, denial.Message(one), one.LimitID(), one.RetryAt})
		}
	} else {
		d.RetryAfterSeconds = nil
	}
	if r := answer.Reservation; r != nil {
		d.Reservation = &Reservation{id.Reservation.Format(r.ID), r.Tokens, r.Cost(), r.ExpiresAt}
	}
	for _, l := range answer.Limits {
		d.Limits = append(d.Limits, Limit{
			l.ExternalID(), l.ExternalSubjectID(), l.Kind, l.Type, l.Max(), l.Used(), l.Reserved(), l.Remaining(), l.PeriodEnd, l.Enforced(),
		})
	}
	return d
}

// decisive returns the denial that decides the status.
func decisive(answer *db.UsageAnswer) (reason db.DenialReason, message string) {
	if d := answer.Decisive(); d != nil {
		return d.Reason, denial.Message(d)
	}
	return "", ""
}

// Reason returns the reason that decides why a call is denied, and the sentence about it; "" for a call that is admitted.
func (d *Decision) Reason(answer *db.UsageAnswer) (string, string) {
	reason, message := decisive(answer)
	return string(reason), message
}

// Failure returns what a caller is told about a denial, so that their SDK stops where waiting does not help, and waits where it does.
func Failure(answer *db.UsageAnswer) wire.Failure {
	reason, message := decisive(answer)
	f := wire.Failure{Status: denial.HTTPStatus(answer.DeniedBy()), Reason: string(reason), Message: message}
	switch wait := answer.RetryAfterSeconds(); {
	case f.Status != http.StatusTooManyRequests:
		f.Final = true
	case wait != nil:
		f.RetryAfter = max(time.Duration(*wait)*time.Second, time.Second)
	case reason == db.DenialReasonHOLDSEXCEEDED: // which has room again when another call ends, nobody knows when
		f.RetryAfter = time.Second
	default:
		f.Final = true
	}
	return f
}

// Outage returns what a caller is told when Bursar could not decide.
func Outage(p *Problem) wire.Failure {
	if p.Status == http.StatusServiceUnavailable {
		return wire.Failure{Status: p.Status, Reason: string(p.Code), RetryAfter: time.Second, RequestID: p.RequestID,
			Message: "Bursar does not answer, so that nothing was sent to the provider. Try again later."}
	}
	return wire.Failure{Status: http.StatusInternalServerError, Reason: "GATEWAY_MISCONFIGURED", Final: true, RequestID: p.RequestID,
		Message: "The gateway could not ask Bursar; nothing was sent to the provider. Its operator has to see why."}
}

// Headers of answers, for gateways that read no bodies.
const (
	HeaderStatus      = "X-Bursar-Status" // that the caller should be told
	HeaderReason      = "X-Bursar-Reason" // of a denial, or the code of an error
	HeaderReservation = "X-Bursar-Reservation"
	HeaderKeyID       = "X-Bursar-Key-Id"
	HeaderHeldTokens  = "X-Bursar-Held-Tokens"
	HeaderHeldCost    = "X-Bursar-Held-Cost" // US dollars
	headerRemaining   = "X-Bursar-Remaining-"
)

// SetHeaders puts a decision into headers.
func (d *Decision) SetHeaders(h http.Header) {
	h.Set(HeaderStatus, strconv.Itoa(d.Status))
	if d.APIKeyID != nil {
		h.Set(HeaderKeyID, *d.APIKeyID)
	}
	if r := d.Reservation; r != nil {
		h.Set(HeaderReservation, r.ID)
		h.Set(HeaderHeldTokens, strconv.FormatInt(r.Tokens, 10))
		h.Set(HeaderHeldCost, r.Cost.String())
	}
	least := map[db.LimitType]decimal.Decimal{}
	for _, l := range d.Limits {
		if remaining, known := least[l.Type]; l.Enforced && (!known || l.Remaining.LessThan(remaining)) {
			least[l.Type] = l.Remaining
		}
	}
	for limitType, name := range map[db.LimitType]string{
		db.LimitTypeCOST: "Cost", db.LimitTypeTOKENS: "Tokens", db.LimitTypeREQUESTS: "Requests",
	} {
		if remaining, known := least[limitType]; known {
			h.Set(headerRemaining+name, remaining.String())
		}
	}
}
