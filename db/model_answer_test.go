package db_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// standings is every limit as it is told, by id.
type standings map[uuid.UUID]string

func (m *model) standings() standings {
	all := standings{}
	for _, l := range m.limits {
		all[l.id] = m.standing(l)
	}
	return all
}

// standing tells all that an answer tells of a limit.
func (m *model) standing(l *modelLimit) string {
	p := l.current()
	used, reserved := p.used(), m.reserved(p)
	remaining := decimal.Max(decimal.Zero, whole(p.amount).Sub(used).Sub(reserved))
	if p.unit == db.LimitTypeCOST {
		remaining = remaining.Shift(-9)
	}
	return fmt.Sprintln(l.organization, l.id, l.on, l.subject, l.kind, p.unit, p.length, p.amount, p.thresholds, "used", used,
		"reserved", reserved, "remaining", remaining, "generation", p.generation, micros(&p.start), micros(p.end))
}

func standing(s *db.LimitStatus) string {
	return fmt.Sprintln(s.OrganizationID, s.ID, s.SubjectType, s.SubjectID, s.Kind, s.Type, s.Period, s.MaxUnits, s.AlertUnits,
		"used", s.UsedUnits, "reserved", s.ReservedUnits, "remaining", s.Remaining(), "generation", s.Generation,
		micros(&s.PeriodStart), micros(s.PeriodEnd))
}

// micros is an instant in the database's precision; "never" for none.
func micros(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// unlike returns how an answer differs from what was promised, "" when it does not, and learns the ids of what it made. The
// limits in it may stand as they did after the request or after a later one of its batch: later holds each of these.
func (m *model) unlike(got *db.UsageAnswer, want *modelAnswer, later []standings) string {
	if text(got.Error) != want.err {
		return fmt.Sprintf("error %q, want %q", text(got.Error), want.err)
	}
	if want.err != "" {
		return ""
	}
	if g, w := said(got), m.told(want); g != w {
		return fmt.Sprintf("got\n%swant\n%s", g, w)
	}
	if want.reservation != nil {
		if r := want.reservation; r.id == uuid.Nil {
			r.id = got.Reservation.ID
		} else if r.id != got.Reservation.ID {
			return "another reservation"
		}
	}
	if want.event != nil {
		if e := want.event; e.id == uuid.Nil {
			e.id = got.UsageEvent.ID
		} else if e.id != got.UsageEvent.ID {
			return "another event"
		}
	}
	limits := got.Limits
	if want.limits && len(limits) != len(m.limitsOf(want.key)) {
		return fmt.Sprintf("%d limits, want %d", len(limits), len(m.limitsOf(want.key)))
	}
	for _, d := range got.Denials {
		if d.Limit != nil {
			limits = append(limits, d.Limit)
		}
	}
	for _, l := range limits {
		if !slices.ContainsFunc(later, func(s standings) bool { return s[l.ID] == standing(l) }) {
			return fmt.Sprintf("limit\n%swant\n%s", standing(l), later[0][l.ID])
		}
	}
	return ""
}

// said is what an answer says, without the ids that the database made and the standing of limits.
func said(a *db.UsageAnswer) string {
	lines := []string{fmt.Sprintln("allowed", a.Allowed, "replayed", a.Replayed, "at", micros(&a.DecidedAt), "key", uuidText(a.APIKeyID),
		"status", a.HTTPStatus(), "retry", deref(a.RetryAfterSeconds()))}
	for _, d := range a.Denials {
		line := fmt.Sprintln("denial", d.Reason)
		if d.Limit != nil {
			line = fmt.Sprintln("denial", d.Reason, d.Limit.ID, micros(d.RetryAt), d.EstimateUnits)
		}
		lines = append(lines, line)
	}
	if r := a.Reservation; r != nil {
		lines = append(lines, fmt.Sprintln("reservation", r.OrganizationID, r.APIKeyID, text(r.RequestID), r.Status, r.Requests, r.Tokens,
			r.CostNanos, micros(&r.AdmittedAt), micros(&r.ExpiresAt)))
	}
	if e := a.UsageEvent; e != nil {
		lines = append(lines, fmt.Sprintln("event", e.OrganizationID, e.APIKeyID, text(e.RequestID), uuidText(e.ReservationID), e.Requests,
			e.CountedRequests, e.InputTokens, e.OutputTokens, e.CachedInputTokens, e.CacheWriteTokens, e.CostNanos, e.Provider, e.Model, micros(&e.RecordedAt)))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "")
}

// told is said of the model.
func (m *model) told(a *modelAnswer) string {
	status, retry := m.statusAndRetry(a.denials)
	key := "none"
	if a.key != nil {
		key = a.key.id.String()
	}
	lines := []string{fmt.Sprintln("allowed", a.allowed, "replayed", a.replayed, "at", micros(&m.now), "key", key,
		"status", status, "retry", retry)}
	for _, d := range a.denials {
		line := fmt.Sprintln("denial", d.reason)
		if d.period != nil {
			line = fmt.Sprintln("denial", d.reason, d.period.limit.id, micros(d.retryAt()), d.estimate)
		}
		lines = append(lines, line)
	}
	if r := a.reservation; r != nil {
		lines = append(lines, fmt.Sprintln("reservation", r.organization, r.key, r.asked.id, a.status, r.asked.requests, r.asked.tokens,
			r.asked.nanos, micros(&r.admitted), a.expires))
	}
	if e := a.event; e != nil {
		reservation := "none"
		if e.told.reservation != uuid.Nil {
			reservation = e.told.reservation.String()
		}
		lines = append(lines, fmt.Sprintln("event", e.organization, e.key, e.told.id, reservation, e.requests, e.counted, e.told.input,
			e.told.output, e.told.cached, e.told.written, e.told.nanos, e.told.provider, e.told.model, micros(&e.at)))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "")
}

// retryAt is when the limit opens again: nil where only a change of it helps.
func (d modelDenial) retryAt() *time.Time {
	if d.reason == db.DenialReasonESTIMATEEXCEEDSLIMIT {
		return nil
	}
	return d.period.end
}

// statusAndRetry returns what a gateway answers (412 if a budget denies, else 429), and the whole seconds until the latest of
// the denying limits opens again: -1 when waiting does not help or is not needed.
func (m *model) statusAndRetry(denials []modelDenial) (status, seconds int) {
	if len(denials) == 0 {
		return 200, -1
	}
	status = 429
	for _, d := range denials {
		if d.period == nil {
			return 401, -1
		}
		if d.period.limit.kind == db.LimitKindBUDGET {
			status = 412
		}
	}
	for _, d := range denials {
		at := d.retryAt()
		if at == nil {
			return status, -1
		}
		seconds = max(seconds, int(math.Ceil(at.Sub(m.now).Seconds())))
	}
	return status, seconds
}

func uuidText(id *uuid.UUID) string {
	if id == nil {
		return "none"
	}
	return id.String()
}
