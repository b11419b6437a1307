package db_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/db/model"
)

// standings is every limit as it is told, by id.
type standings map[uuid.UUID]string

func (p *play) standings() standings {
	all := standings{}
	for _, l := range p.Limits {
		all[l.ID] = p.standing(l)
	}
	return all
}

// standing tells all that an answer tells of a limit.
func (p *play) standing(l *model.Limit) string {
	c := l.Current()
	used, reserved, amount := c.Used(), p.Reserved(c), p.Amount(c)
	remaining := decimal.Max(decimal.Zero, whole(amount).Sub(used).Sub(reserved))
	if c.Unit == db.LimitTypeCOST {
		remaining = remaining.Shift(-9)
	}
	return fmt.Sprintln(l.Organization, l.ID, l.On, l.Subject, l.Kind, c.Unit, c.Length, c.Amount, c.Thresholds, "used", used,
		"reserved", reserved, "remaining", remaining, "generation", c.Generation, micros(&c.Start), micros(c.End),
		"raised", amount-c.Amount, switched(!l.Disabled, l.Shadow))
}

func standing(s *db.LimitStatus) string {
	return fmt.Sprintln(s.OrganizationID, identity(s), s.SubjectType, s.SubjectID, s.Kind, s.Type, s.Period, s.MaxUnits, s.AlertUnits,
		"used", s.UsedUnits, "reserved", s.ReservedUnits, "remaining", s.Remaining(), "generation", s.Generation,
		micros(&s.PeriodStart), micros(s.PeriodEnd), "raised", s.RaisedUnits, switched(s.Enabled, s.Mode == db.LimitModeSHADOW))
}

// switched is what counts of a limit's switches.
func switched(enabled, shadow bool) string {
	switch {
	case !enabled:
		return "disabled"
	case shadow:
		return "shadow"
	}
	return "enforced"
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
func (p *play) unlike(got *db.UsageAnswer, want *model.Answer, later []standings) string {
	if text(got.Error) != want.Error {
		return fmt.Sprintf("error %q, want %q", text(got.Error), want.Error)
	}
	if want.Error != "" {
		return ""
	}
	if g, w := said(got), p.told(want); g != w {
		return fmt.Sprintf("got\n%swant\n%s", g, w)
	}
	if want.Reservation != nil {
		if r := want.Reservation; r.ID == uuid.Nil {
			r.ID = got.Reservation.ID
		} else if r.ID != got.Reservation.ID {
			return "another reservation"
		}
	}
	if want.Event != nil {
		if e := want.Event; e.ID == uuid.Nil {
			e.ID = got.UsageEvent.ID
		} else if e.ID != got.UsageEvent.ID {
			return "another event"
		}
	}
	limits := got.Limits
	grouped := []*model.Limit{}
	for _, g := range want.Groups {
		grouped = append(grouped, g.Limits...)
	}
	if want.Limits && len(limits) != len(p.LimitsOf(want.Key))+len(grouped) {
		return fmt.Sprintf("%d limits, want %d", len(limits), len(p.LimitsOf(want.Key))+len(grouped))
	}
	for _, d := range got.Denials {
		if d.Limit != nil {
			limits = append(limits, d.Limit)
		}
	}
	for _, l := range limits {
		made := func(g *model.Limit) bool { return !slices.Contains(p.Limits, g) && p.standing(g) == standing(l) } // for a check
		if !slices.ContainsFunc(later, func(s standings) bool { return s[identity(l)] == standing(l) }) && !slices.ContainsFunc(grouped, made) {
			return fmt.Sprintf("limit\n%swant\n%s", standing(l), later[0][identity(l)])
		}
	}
	return ""
}

// said is what an answer says, without the ids that the database made and the standing of limits.
func said(a *db.UsageAnswer) string {
	lines := []string{fmt.Sprintln("allowed", a.Allowed, "replayed", a.Replayed, "at", micros(&a.DecidedAt), "key", uuidText(a.APIKeyID),
		"status", statuses()[a.DeniedBy()], "retry", deref(a.RetryAfterSeconds()))}
	for _, d := range a.Refusals() {
		line := fmt.Sprintln("denial", d.Reason)
		if d.Limit != nil {
			line = fmt.Sprintln("denial", d.Reason, identity(d.Limit), micros(d.RetryAt), d.EstimateUnits, d.BoundUnits)
		}
		lines = append(lines, line)
	}
	for _, d := range a.ShadowDenials() {
		lines = append(lines, fmt.Sprintln("shadow", d.Shadow, d.Reason, identity(d.Limit), micros(d.RetryAt), d.EstimateUnits))
	}
	if r := a.Reservation; r != nil {
		lines = append(lines, fmt.Sprintln("reservation", r.OrganizationID, r.APIKeyID, text(r.RequestID), r.Status, r.Requests, r.Tokens,
			r.CostNanos, micros(&r.AdmittedAt), micros(&r.ExpiresAt), saidPrice(r.PriceID, r.PriceMultiplier)))
	}
	if e := a.UsageEvent; e != nil {
		lines = append(lines, fmt.Sprintln("event", e.OrganizationID, e.APIKeyID, text(e.RequestID), uuidText(e.ReservationID), e.Requests,
			e.CountedRequests, e.InputTokens, e.OutputTokens, e.CachedInputTokens, e.CacheWriteTokens, e.CostNanos, e.Provider, e.Model,
			e.CacheWrite1hTokens, e.ReasoningTokens, e.AudioInputTokens, e.AudioOutputTokens, e.Images, e.WebSearches, e.ServiceTier, micros(&e.RecordedAt),
			saidPrice(e.PriceID, e.PriceMultiplier), e.Unpriced))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "")
}

// told is said of the model.
func (p *play) told(a *model.Answer) string {
	status, retry := p.StatusAndRetry(a.Denials)
	key := "none"
	if a.Key != nil {
		key = a.Key.ID.String()
	}
	lines := []string{fmt.Sprintln("allowed", a.Allowed, "replayed", a.Replayed, "at", micros(&p.Now), "key", key,
		"status", status, "retry", retry)}
	for _, d := range a.Denials {
		line := fmt.Sprintln("denial", d.Reason)
		if d.Period != nil {
			line = fmt.Sprintln("denial", d.Reason, d.Period.Limit.ID, micros(d.RetryAt()), d.Estimate, d.Bound)
		}
		lines = append(lines, line)
	}
	for _, d := range a.Shadowed {
		lines = append(lines, fmt.Sprintln("shadow true", d.Reason, d.Period.Limit.ID, micros(d.RetryAt()), d.Estimate))
	}
	if r := a.Reservation; r != nil {
		lines = append(lines, fmt.Sprintln("reservation", r.Organization, r.Key, r.Asked.ID, a.Status, a.Held.Requests, a.Held.Tokens,
			a.Held.Nanos, micros(&r.Admitted), micros(&a.Expires), priceText(r.Price, r.Multiplier)))
	}
	if e := a.Event; e != nil {
		reservation, parts := "none", e.Told.Parts
		if e.Told.Reservation != uuid.Nil && !e.OnLease {
			reservation = e.Told.Reservation.String()
		}
		lines = append(lines, fmt.Sprintln("event", e.Organization, e.Key, e.Told.ID, reservation, e.Requests, e.Counted, e.Told.Input,
			e.Told.Output, e.Told.Cached, e.Told.Written, e.Nanos, e.Provider, e.Model, parts.Written1h, parts.Reasoning,
			parts.AudioInput, parts.AudioOutput, parts.Images, parts.Searches, e.Tier, micros(&e.At),
			priceText(e.Price, e.Multiplier), e.Unpriced))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "")
}

// saidPrice is priceText of an answer.
func saidPrice(id *uuid.UUID, multiplier *decimal.Decimal) string {
	if id == nil {
		return "no price"
	}
	if multiplier == nil {
		return id.String()
	}
	return id.String() + " times " + multiplier.String()
}

func uuidText(id *uuid.UUID) string {
	if id == nil {
		return "none"
	}
	return id.String()
}
