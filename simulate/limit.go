// Package simulate replays usage against limits that do not exist, and says what they would have refused. It decides as enforcement does: a request is
// admitted when every limit that refuses anything has something left and room for it, and what is refused is charged to no limit.
package simulate

import (
	"math"

	"bursar/db"
)

// Limit is a limit that does not exist, with its periods or windows. Instants are microseconds since 1970.
type Limit struct {
	*db.SimulatedLimit
	// Starts are the first instants of a budget's periods, ascending. The last one goes on to the end of the replay.
	Starts []int64
	// WindowStart is the first instant of one of a rate limit's windows, and WindowLength how long each of them is.
	WindowStart, WindowLength int64
}

// counter is what a limit has counted in the period or window that contains the last instant.
type counter struct {
	*Limit
	isBudget, isEnforced bool // isEnforced: it refuses, and not only says what it would refuse
	used                 int64
	period               int   // of Starts
	ends                 int64 // the first instant after the period or window
	alerted              int   // how many thresholds have been reached in the period
	isExhaustionAlerted  bool
	isRefusalAlerted     bool
	refused              refusals
	thresholds           []alerts // one for each of AlertUnits
	exhausted, refusing  alerts
}

// alerts counts alerts of a kind.
type alerts struct{ periods, firstAt int64 }

func (a *alerts) raise(at int64) {
	if a.periods == 0 {
		a.firstAt = at
	}
	a.periods++
}

func newCounter(limit *Limit) *counter {
	return &counter{
		Limit: limit, isBudget: limit.Kind == db.LimitKindBUDGET, isEnforced: limit.Enabled && limit.Mode == db.LimitModeENFORCE,
		period: -1, ends: math.MinInt64, thresholds: make([]alerts, len(limit.AlertUnits)),
	}
}

// open begins the period or window that contains an instant, at zero. Instants do not go back.
func (c *counter) open(at int64) {
	c.used, c.alerted, c.isExhaustionAlerted, c.isRefusalAlerted = 0, 0, false, false
	if !c.isBudget {
		past := (at - c.WindowStart) % c.WindowLength
		if past < 0 {
			past += c.WindowLength
		}
		c.ends = at - past + c.WindowLength
		return
	}
	for c.ends <= at {
		c.period++
		c.ends = math.MaxInt64
		if c.period+1 < len(c.Starts) {
			c.ends = c.Starts[c.period+1]
		}
	}
}

// units picks what the limit counts.
func (c *counter) units(e *Event) int64 {
	switch c.Type {
	case db.LimitTypeCOST:
		return e.CostNanos
	case db.LimitTypeTOKENS:
		return e.Tokens
	}
	return e.Requests
}

// admits tells whether the limit has something left, and room for an event. One that is not enabled admits all.
func (c *counter) admits(e *Event) bool {
	room := c.MaxUnits - c.used
	return !c.Enabled || room > 0 && c.units(e) <= room
}

// refuse counts an event that the limit refuses, or would if it were in ENFORCE.
func (c *counter) refuse(e *Event, key int, bucket int64) {
	c.refused.add(e, key, bucket)
	// as a budget in ENFORCE does that is not used up, and of which the event does not ask for more than it has in all
	if c.isBudget && c.isEnforced && !c.isRefusalAlerted && c.used < c.MaxUnits && c.units(e) <= c.MaxUnits {
		c.isRefusalAlerted = true
		c.refusing.raise(e.At)
	}
}

// charge adds an event that was admitted, and raises the alerts that are due by it. What is used stops at the largest int64, above which no amount is.
func (c *counter) charge(e *Event) {
	units := c.units(e)
	c.used += min(units, math.MaxInt64-c.used)
	if !c.isBudget || !c.Enabled {
		return
	}
	for c.alerted < len(c.AlertUnits) && c.AlertUnits[c.alerted] <= c.used {
		c.thresholds[c.alerted].raise(e.At)
		c.alerted++
	}
	if !c.isExhaustionAlerted && c.used >= c.MaxUnits {
		c.isExhaustionAlerted = true
		c.exhausted.raise(e.At)
	}
}
