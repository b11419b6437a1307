package portkey

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/importer"
)

// limits returns the limits of an API key or a workspace, and what its budgets have used.
func (p *planner) limits(r *importer.Record) (limits *importer.Limits, opening *importer.Amounts) {
	limits = &importer.Limits{Of: r}
	opening = &importer.Amounts{}
	for _, v := range r.List("usage_limits") { // an object on API keys, a list on workspaces
		part := r.Part("usage_limits", v)
		if part == nil {
			limits.Lost = true
			continue
		}
		limit, over, ok := p.usageLimit(part, limits)
		if !ok {
			continue
		}
		limits.Add(part, "credit_limit", limit)
		p.usage(r, part, &limit, over, opening)
	}
	for _, v := range r.List("rate_limits") {
		part := r.Part("rate_limits", v)
		if part == nil {
			limits.Lost = true
			continue
		}
		if limit, _, ok := p.rateLimit(part, limits); ok {
			limits.Add(part, "value", limit)
		}
	}
	if *opening == (importer.Amounts{}) {
		opening = nil
	}
	return limits, opening
}

// usageLimit returns a budget; over tells that its period has ended.
func (p *planner) usageLimit(r *importer.Record, limits *importer.Limits) (limit importer.Limit, over, ok bool) {
	if !r.Has("credit_limit") {
		if r.Has("alert_threshold") {
			r.Add(importer.Lost, "alert_threshold", "a threshold without a budget has nothing to stand on: it is left out")
		}
		return limit, false, false
	}
	limit = importer.Limit{Kind: db.LimitKindBUDGET}
	switch kind := r.ID("type"); kind {
	case "", "cost": // a budget without a type is of costs
		limit.Type = db.LimitTypeCOST
		limit.MaxUnits, ok = limits.Cost(r, "credit_limit")
	case "tokens", "requests":
		limit.Type = db.LimitTypeTOKENS
		if kind == "requests" {
			limit.Type = db.LimitTypeREQUESTS
		}
		limit.MaxUnits, ok = limits.Units(r, "credit_limit")
	default:
		r.Add(importer.Lost, "type", "a budget is of cost, tokens or requests: it is left out")
		limits.Lost = true
	}
	if !ok {
		return limit, false, false
	}
	over, ok = p.reset(r, &limit)
	limits.Lost = limits.Lost || !ok
	limits.Alert(r, "alert_threshold", &limit)
	if len(limit.AlertUnits) > 0 && limit.Type == db.LimitTypeCOST && limit.AlertUnits[0] <= 1_000_000_000 && limit.MaxUnits > 10_000_000_000 {
		r.Add(importer.Noted, "alert_threshold", "it is 1 dollar or less of a far larger budget: is it meant as a share?")
	}
	return limit, over, ok
}

// reset sets when a budget begins again.
func (p *planner) reset(r *importer.Record, limit *importer.Limit) (over, ok bool) {
	next := r.Time("next_usage_reset_at", false)
	if r.Has("periodic_reset_days") {
		days, ok := r.Whole("periodic_reset_days")
		if !ok || days < 1 || days > 365 {
			r.Add(importer.Lost, "periodic_reset_days", "a budget's period is 1 to 365 days: the budget is left out")
			return false, false
		}
		number := int(days)
		limit.Period, limit.ResetDays = db.LimitPeriodEVERYDAYS, &number
		if days == 1 {
			limit.Period, limit.ResetDays = db.LimitPeriodDAILY, nil
		}
		return p.Calendar.Phase(r, "periodic_reset_days", next, limit), true
	}
	switch r.ID("periodic_reset") {
	case "":
		limit.Period = db.LimitPeriodNONE
	case "weekly":
		limit.Period = db.LimitPeriodWEEKLY
	case "monthly":
		limit.Period = db.LimitPeriodMONTHLY
	default:
		r.Add(importer.Lost, "periodic_reset", "a budget begins again weekly or monthly: it is left out")
		return false, false
	}
	return p.Calendar.Phase(r, "periodic_reset", next, limit), true
}

// suspicious is how many times its limit a budget must have used for its usage to be taken for cents.
const suspicious = 20

// usage adds what a budget has used to an opening balance. It stands beside the limit, or in the API key.
func (p *planner) usage(r, part *importer.Record, limit *importer.Limit, over bool, opening *importer.Amounts) {
	from := part
	if !part.Has("current_usage") {
		from = r
	}
	used, ok := from.Number("current_usage")
	if !ok || used.IsZero() {
		return
	}
	if over {
		from.Add(importer.Noted, "current_usage", "its period has ended: what it has used is left out")
		return
	}
	switch limit.Type {
	case db.LimitTypeCOST:
		if p.UsageInCents {
			used = used.Shift(-2)
		}
		nanos := used.Shift(9).Round(0)
		if nanos.GreaterThan(decimal.NewFromInt(limit.MaxUnits).Mul(decimal.NewFromInt(suspicious))) {
			from.Add(importer.Noted, "current_usage", "it is more than "+strconv.Itoa(suspicious)+" times the budget: if it is in cents, say --usage-in=cents")
		}
		if nanos.GreaterThan(decimal.NewFromInt(9_000_000_000_000_000_000)) {
			from.Add(importer.Lost, "current_usage", "it is more than can be booked: it is left out")
			return
		}
		opening.CostNanos = max(opening.CostNanos, nanos.IntPart())
	case db.LimitTypeTOKENS:
		opening.Tokens = max(opening.Tokens, used.Floor().IntPart())
	default:
		from.Add(importer.Lost, "current_usage", "requests are not taken over as an opening balance")
	}
}

// rateLimit returns a rate limit.
func (p *planner) rateLimit(r *importer.Record, limits *importer.Limits) (limit importer.Limit, over, ok bool) {
	limit = importer.Limit{Kind: db.LimitKindRATE}
	unit := strings.ToLower(r.ID("unit"))
	if len(unit) == 3 && unit[:2] == "tp" { // some of Portkey's own examples
		r.Add(importer.Noted, "unit", "Portkey's units begin with rp, also for tokens: it is read so")
		unit = "rp" + unit[2:]
	}
	limit.Period, ok = rateUnits()[unit]
	if !ok {
		r.Add(importer.Lost, "unit", "a rate is per second, minute, hour, day or week: it is left out")
		limits.Lost = true
		return limit, false, false
	}
	switch r.ID("type") {
	case "requests":
		limit.Type = db.LimitTypeREQUESTS
	case "tokens":
		limit.Type = db.LimitTypeTOKENS
	default:
		r.Add(importer.Lost, "type", "a rate is of requests or tokens: it is left out")
		limits.Lost = true
		return limit, false, false
	}
	if !r.Has("value") {
		r.Add(importer.Lost, "value", "a rate without a value limits nothing: it is left out")
		limits.Lost = true
		return limit, false, false
	}
	limit.MaxUnits, ok = limits.Units(r, "value")
	return limit, false, ok
}
