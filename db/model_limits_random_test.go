package db_test

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

var (
	someBudgetTypes = rapid.SampledFrom([]db.LimitType{db.LimitTypeCOST, db.LimitTypeTOKENS, db.LimitTypeREQUESTS})
	someRateTypes   = rapid.SampledFrom([]db.LimitType{db.LimitTypeREQUESTS, db.LimitTypeTOKENS, db.LimitTypePARALLELREQUESTS})
	somePeriods     = rapid.SampledFrom([]db.LimitPeriod{db.LimitPeriodNONE, db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY, db.LimitPeriodDAILY,
		db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY, db.LimitPeriodEVERYDAYS})
	someIntervals = rapid.SampledFrom([]db.LimitPeriod{
		db.LimitPeriodSECOND, db.LimitPeriodMINUTE, db.LimitPeriodHOUR, db.LimitPeriodDAY, db.LimitPeriodWEEK})
	someDollars    = rapid.SampledFrom([]int64{dollar, dollar + 1, 2 * dollar, 5 * dollar, 10 * dollar, math.MaxInt64})
	someAmounts    = rapid.SampledFrom([]int64{1, 10, 50, 51, 100, 101, 200, 1000, math.MaxInt64})
	someWrong      = rapid.SampledFrom([]int64{0, -1, dollar - 1})
	someThresholds = rapid.SliceOfN(rapid.SampledFrom([]int64{1, 10, 25, 40, 50, 99, 100, dollar / 2, dollar, dollar + 1}), 0, 3)
)

// somePlace draws where periods of a length begin, seldom one without what the length needs, and the options that say so.
func somePlace(rt *rapid.T, length db.LimitPeriod) (place model.Place, options map[string]any) {
	options = map[string]any{}
	if length != db.LimitPeriodNONE && rapid.Bool().Draw(rt, "elsewhere") {
		place.Zone, place.Ahead = "Asia/Kathmandu", 345*time.Minute // since 1986
		if rapid.Bool().Draw(rt, "west") {
			place.Zone, place.Ahead = "Pacific/Marquesas", -570*time.Minute
		}
		options["time_zone"] = place.Zone
	}
	switch length {
	case db.LimitPeriodWEEKLY:
		place.Week = time.Weekday(rapid.IntRange(0, 6).Draw(rt, "week"))
		options["week_starts_on"] = place.Week
	case db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY:
		place.Day = rapid.SampledFrom([]int{1, 1, 15, 28, 29, 31}).Draw(rt, "day") - 1
		options["day_of_month"] = place.Day + 1
	case db.LimitPeriodEVERYDAYS:
		if oneIn(rt, 10, "without days") {
			break
		}
		place.Days = rapid.SampledFrom([]int{1, 2, 10, 30, 365}).Draw(rt, "days")
		options["reset_days"] = place.Days
		if rapid.Bool().Draw(rt, "anchored") {
			place.First = time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(rt, "month")), 5, 0, 0, 0, 0, time.UTC)
			options["reset_anchor"] = place.First.Format(time.DateOnly)
		}
	}
	return place, options
}

// someAmount draws an amount that fits a type, or seldom one that may not.
func someAmount(rt *rapid.T, unit db.LimitType) int64 {
	switch {
	case oneIn(rt, 15, "wrong"):
		return someWrong.Draw(rt, "amount")
	case unit == db.LimitTypeCOST:
		return someDollars.Draw(rt, "amount")
	case unit == db.LimitTypeREQUESTS:
		return rapid.SampledFrom([]int64{1, 2, 3, 5, 100, math.MaxInt64}).Draw(rt, "amount")
	}
	return someAmounts.Draw(rt, "amount")
}

// thresholdsBelow draws thresholds that fit an amount, or seldom some that may not.
func thresholdsBelow(rt *rapid.T, amount int64) []int64 {
	all := someThresholds.Draw(rt, "thresholds")
	if oneIn(rt, 15, "wrong") {
		return append(all, rapid.SampledFrom([]int64{0, -1, amount}).Draw(rt, "threshold"))
	}
	return slices.DeleteFunc(all, func(t int64) bool { return t >= amount })
}

// someNamed draws who is named for alerts of a budget with thresholds, one of which it may not have.
func someNamed(rt *rapid.T, thresholds []int64) []*model.Named {
	about := []*model.Named{{Kind: db.AlertKindEXHAUSTED}, {Kind: db.AlertKindREFUSED}, {Kind: db.AlertKindTHRESHOLD, Threshold: 26}}
	for _, threshold := range slices.Compact(slices.Sorted(slices.Values(thresholds))) {
		about = append(about, &model.Named{Kind: db.AlertKindTHRESHOLD, Threshold: threshold})
	}
	named := []*model.Named{}
	for _, n := range about {
		if rapid.Bool().Draw(rt, "named") {
			n.Emails = rapid.SliceOfN(rapid.SampledFrom([]string{"lead@named.test", "Lead@Named.test", "finance@named.test"}), 0, 2).Draw(rt, "emails")
			n.Too = rapid.Bool().Draw(rt, "too")
			named = append(named, n)
		}
	}
	return named
}

// withNamed adds who is named to the options of a limit.
func withNamed(options map[string]any, named []*model.Named) map[string]any {
	recipients := []*db.AlertRecipients{}
	for _, n := range named {
		r := &db.AlertRecipients{Kind: n.Kind, Emails: append([]string{}, n.Emails...), SubjectRecipients: n.Too}
		if n.Kind == db.AlertKindTHRESHOLD {
			r.Units = &n.Threshold
		}
		recipients = append(recipients, r)
	}
	all := map[string]any{"alert_recipients": recipients}
	maps.Copy(all, options)
	return all
}

func (p *play) createLimit(rt *rapid.T) {
	k := p.someKey(rt)
	l := &model.Limit{Organization: k.Organization, Subject: k.ID, On: db.SubjectTypeAPIKEY, Kind: db.LimitKindBUDGET}
	var workspace, key *uuid.UUID
	switch on := rapid.IntRange(0, 3).Draw(rt, "subject"); {
	case on == 0:
		l.Subject, l.On = k.Organization, db.SubjectTypeORGANIZATION
	case on == 1 && k.Workspace != uuid.Nil:
		l.Subject, l.On, workspace = k.Workspace, db.SubjectTypeWORKSPACE, &k.Workspace
	default:
		key = &k.ID
	}
	period := &model.Period{}
	var options map[string]any
	if rapid.Bool().Draw(rt, "rate") {
		l.Kind = db.LimitKindRATE
		period.Unit, period.Length = someRateTypes.Draw(rt, "type"), someIntervals.Draw(rt, "interval")
		if period.Unit == db.LimitTypePARALLELREQUESTS {
			period.Length = db.LimitPeriodNONE
		}
		period.Amount = rapid.SampledFrom([]int64{1, 2, 3, 5, 50, 100, 200}).Draw(rt, "limit")
	} else {
		period.Unit, period.Length = someBudgetTypes.Draw(rt, "type"), somePeriods.Draw(rt, "period")
		period.Place, options = somePlace(rt, period.Length)
		period.Amount = someAmount(rt, period.Unit)
		period.Thresholds = thresholdsBelow(rt, period.Amount)
	}
	l.Disabled, l.Shadow = oneIn(rt, 8, "disabled"), oneIn(rt, 6, "shadow")
	thresholds := slices.Clone(period.Thresholds)
	if l.Kind == db.LimitKindBUDGET && oneIn(rt, 3, "names") {
		l.Named = someNamed(rt, thresholds)
		options = withNamed(options, l.Named)
	}
	created, code := p.Create(l, period)
	p.edited(rt, created, code, `select * from create_limit($1, $2, $3, $4, $5, $6, $7, $8,
		coalesce($9::jsonb, '{}') || jsonb_build_object('enabled', $10::boolean, 'mode', $11::text), $12)`,
		l.Organization, workspace, key, l.Kind, period.Unit, period.Length, period.Amount, append([]int64{}, thresholds...), options,
		!l.Disabled, modeOf(l.Shadow), p.Now)
}

// someLimit draws a limit, or one that is gone, or one in the wrong organization.
func (p *play) someLimit(rt *rapid.T, kind db.LimitKind) (organization, id uuid.UUID) {
	all := slices.DeleteFunc(slices.Clone(p.Limits), func(l *model.Limit) bool { return l.Kind != kind })
	alerted := slices.DeleteFunc(slices.Clone(all), func(l *model.Limit) bool { return !l.Current().Alerted() })
	if len(alerted) > 0 && rapid.Bool().Draw(rt, "alerted") {
		all = alerted
	}
	if oneIn(rt, 10, "any") {
		all = append(slices.Clone(p.Limits), p.gone...)
	}
	if len(all) == 0 {
		rt.Skip()
	}
	l := rapid.SampledFrom(all).Draw(rt, "limit")
	if oneIn(rt, 20, "elsewhere") {
		return p.Organizations[0].ID, l.ID
	}
	return l.Organization, l.ID
}

func (p *play) editBudget(rt *rapid.T) {
	organization, id := p.someLimit(rt, db.LimitKindBUDGET)
	var e model.Edit
	unit := db.LimitTypeTOKENS
	if l := p.Find(organization, id, db.LimitKindBUDGET); l != nil {
		unit = l.Current().Unit
	}
	what := rapid.IntRange(1, 15).Draw(rt, "what") // bits
	if what&8 != 0 && rapid.Bool().Draw(rt, "also the type") {
		unit = someBudgetTypes.Draw(rt, "type")
		e.Unit = &unit
	}
	if what&4 != 0 && rapid.Bool().Draw(rt, "also the period") {
		e.Length = new(somePeriods.Draw(rt, "period"))
	}
	var options map[string]any
	if l := p.Find(organization, id, db.LimitKindBUDGET); l != nil && what&4 != 0 && rapid.Bool().Draw(rt, "also the place") {
		var place model.Place
		present := l.Current()
		length := present.Length
		if e.Length != nil {
			length = *e.Length
		}
		place, options = somePlace(rt, length)
		if place.Zone == "" { // what is not given stays
			place.Zone, place.Ahead = present.Place.Zone, present.Place.Ahead
		}
		if place.Days == 0 {
			place.Days = present.Place.Days
		}
		if place.First.IsZero() {
			place.First = present.Place.First
		}
		e.Place = &place
	}
	amount := dollar
	if what&1 != 0 {
		amount = someAmount(rt, unit)
		e.Amount = &amount
	}
	if what&2 != 0 {
		e.Thresholds = append([]int64{}, thresholdsBelow(rt, amount)...)
	}
	if oneIn(rt, 4, "also switches") {
		e.Enabled, e.Shadow = someSwitches(rt)
	}
	if oneIn(rt, 4, "also names") {
		e.Named = someNamed(rt, e.Thresholds)
		options = withNamed(options, e.Named)
	}
	l, code := p.EditBudget(organization, id, e)
	p.edited(rt, l, code, `select * from update_budget_limit($1, $2, $3, $4, $5, $6,
		coalesce($7::jsonb, '{}') || jsonb_strip_nulls(jsonb_build_object('enabled', $8::boolean, 'mode', $9::text)), $10)`,
		organization, id, e.Unit, e.Length, e.Amount, e.Thresholds, options, e.Enabled, modeTo(e.Shadow), p.Now)
}

func (p *play) editRateLimit(rt *rapid.T) {
	organization, id := p.someLimit(rt, db.LimitKindRATE)
	limit := rapid.SampledFrom([]int64{0, 1, 2, 3, 5, 50, 100, 200, math.MaxInt64}).Draw(rt, "limit")
	l, code := p.EditRate(organization, id, model.Edit{Amount: &limit})
	p.edited(rt, l, code, `select * from update_rate_limit($1, $2, $3, null, null, $4)`, organization, id, limit, p.Now)
}

func (p *play) resetBudget(rt *rapid.T) {
	organization, id := p.someLimit(rt, db.LimitKindBUDGET)
	l, code := p.Reset(organization, id)
	p.edited(rt, l, code, `select * from reset_budget($1, $2, $3)`, organization, id, p.Now)
}

func (p *play) deleteSome(rt *rapid.T) {
	kind := rapid.SampledFrom([]db.LimitKind{db.LimitKindBUDGET, db.LimitKindRATE}).Draw(rt, "kind")
	organization, id := p.someLimit(rt, kind)
	if l := p.Find(organization, id, kind); l != nil {
		p.gone = append(p.gone, l)
	}
	if got, want := p.deleted(rt, organization, id, kind), p.Remove(organization, id, kind); got != want {
		rt.Fatalf("deleted %t, want %t", got, want)
	}
}

// changePlan gives an organization governance or takes it away.
func (p *play) changePlan(rt *rapid.T) {
	o := rapid.SampledFrom(p.Organizations).Draw(rt, "organization")
	o.Plan = rapid.SampledFrom([]db.Plan{db.PlanFREE, db.PlanPRO, db.PlanENTERPRISE, db.PlanENTERPRISE}).Draw(rt, "plan")
	o.Governance = rapid.Bool().Draw(rt, "governance")
	p.exec(rt, `update organizations set plan = $2, governance_enabled = $3 where id = $1`, o.ID, o.Plan, o.Governance)
}
