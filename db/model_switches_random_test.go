package db_test

import (
	"math"
	"time"

	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

// modeOf is the mode of a limit.
func modeOf(shadow bool) db.LimitMode {
	if shadow {
		return db.LimitModeSHADOW
	}
	return db.LimitModeENFORCE
}

// modeTo is the mode that an edit names; nil for none.
func modeTo(shadow *bool) *db.LimitMode {
	if shadow == nil {
		return nil
	}
	return new(modeOf(*shadow))
}

// someSwitches draws what an edit makes of a limit's switches; nil: they stay.
func someSwitches(rt *rapid.T) (enabled, shadow *bool) {
	what := rapid.IntRange(1, 3).Draw(rt, "switches") // bits
	if what&1 != 0 {
		enabled = new(rapid.Bool().Draw(rt, "enabled"))
	}
	if what&2 != 0 {
		shadow = new(rapid.Bool().Draw(rt, "shadow"))
	}
	return enabled, shadow
}

// switchSome enables or disables a limit, puts it in SHADOW or enforces it.
func (p *play) switchSome(rt *rapid.T) {
	kind := rapid.SampledFrom([]db.LimitKind{db.LimitKindBUDGET, db.LimitKindRATE}).Draw(rt, "kind")
	organization, id := p.someLimit(rt, kind)
	var e model.Edit
	e.Enabled, e.Shadow = someSwitches(rt)
	if kind == db.LimitKindBUDGET {
		l, code := p.EditBudget(organization, id, e)
		p.edited(rt, l, code, `select * from update_budget_limit($1, $2, null, null, null, null,
			jsonb_strip_nulls(jsonb_build_object('enabled', $3::boolean, 'mode', $4::text)), $5)`,
			organization, id, e.Enabled, modeTo(e.Shadow), p.Now)
		return
	}
	l, code := p.EditRate(organization, id, e)
	p.edited(rt, l, code, `select * from update_rate_limit($1, $2, null, $3, $4, $5)`, organization, id, e.Enabled, modeTo(e.Shadow), p.Now)
}

// raiseSome raises a budget for its period or until an instant, seldom one that has passed.
func (p *play) raiseSome(rt *rapid.T) {
	organization, id := p.someLimit(rt, db.LimitKindBUDGET)
	unit := db.LimitTypeTOKENS
	if l := p.Find(organization, id, db.LimitKindBUDGET); l != nil {
		unit = l.Current().Unit
	}
	units, until := p.someRaise(rt)
	l, code := p.Raise(organization, id, units, until)
	p.edited(rt, l, code, `select * from raise_budget($1, $2, null, $3, $4, $5, $6)`, organization, id, unit, units, until, p.Now)
}

// someRaise draws by how much a budget is raised, seldom by nothing, and until when; nil: the end of its period.
func (p *play) someRaise(rt *rapid.T) (units int64, until *time.Time) {
	units = rapid.SampledFrom([]int64{1, 10, 50, 100, dollar, 2 * dollar, math.MaxInt64}).Draw(rt, "by")
	if oneIn(rt, 15, "wrong") {
		units = 0
	}
	if rapid.Bool().Draw(rt, "until") {
		until = new(p.Now.Add(rapid.SampledFrom([]time.Duration{time.Microsecond, time.Second, time.Minute, 3 * time.Hour, 30 * time.Hour,
			9 * 24 * time.Hour, 40 * 24 * time.Hour, 0}).Draw(rt, "later")))
	}
	return units, until
}
