package db_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/simulate"
)

// simulated runs a simulation of some limits on the organization's usage and returns what was refused: by any limit, and by each.
func (g *gateway) simulated(limits []*db.SimulatedLimit, from, to time.Time) []*db.SimulationResult {
	g.T.Helper()
	encoded, err := json.Marshal(limits)
	must(g.T, 0, err)
	ctx := context.Background()
	_, err = db.New().SimulateLimits(ctx, g.Pool, &db.SimulateLimitsParams{OrganizationID: g.Organization.ID, Limits: encoded, FromTime: from, ToTime: to})
	must(g.T, 0, err)
	claimed, err := db.New().ClaimSimulation(ctx, g.Pool)
	must(g.T, 0, err)
	must(g.T, 0, simulate.Run(ctx, g.Pool, claimed, 7))
	results, err := db.New().ListSimulationResults(ctx, g.Pool,
		&db.ListSimulationResultsParams{OrganizationIDs: []uuid.UUID{g.Organization.ID}, SimulationIDs: []uuid.UUID{claimed.ID}})
	return must(g.T, results, err)
}

// alertsRaised returns how many alerts of a kind and threshold a limit has raised, and the first, in words.
func (g *gateway) alertsRaised(limit uuid.UUID) []string {
	g.T.Helper()
	return query[[]string](g, `select coalesce(array_agg(a.text order by a.text), '{}') from (
		select format('%s %s: %s from %s', kind, threshold_units, count(*), (extract(epoch from min(raised_at)) * 1000)::bigint) as text
		from alerts where budget_limit_id = $1 group by kind, threshold_units) a`, limit)
}

// randomLimits are limits of all kinds, some of which refuse much, in random modes.
func randomLimits(random *rand.Rand) []*db.SimulatedLimit {
	zone := func() string {
		return []string{"UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"}[random.IntN(4)]
	}
	limit := func(kind db.LimitKind, unit db.LimitType, period db.LimitPeriod) *db.SimulatedLimit {
		l := &db.SimulatedLimit{Kind: kind, Type: unit, Period: period, MaxUnits: 20 + random.Int64N(200), AlertUnits: []int64{}, Enabled: random.IntN(8) > 0,
			Mode: db.LimitModeENFORCE, TimeZone: "UTC", DayOfMonth: 1}
		if random.IntN(4) == 0 {
			l.Mode = db.LimitModeSHADOW
		}
		if unit == db.LimitTypeCOST {
			l.MaxUnits += dollar
		}
		if kind == db.LimitKindBUDGET {
			l.AlertUnits = []int64{l.MaxUnits / 2, l.MaxUnits - 1}
		}
		switch period {
		case db.LimitPeriodDAILY:
			l.TimeZone = zone()
		case db.LimitPeriodWEEKLY:
			l.TimeZone, l.WeekStartsOn = zone(), int16(random.IntN(7))
		case db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY:
			l.TimeZone, l.DayOfMonth = zone(), int16(1+random.IntN(31))
		case db.LimitPeriodEVERYDAYS:
			l.TimeZone, l.ResetDays, l.ResetAnchor = zone(), new(int16(1+random.IntN(5))), new("2026-03-09")
		}
		return l
	}
	limits := []*db.SimulatedLimit{}
	for _, period := range []db.LimitPeriod{db.LimitPeriodNONE, db.LimitPeriodDAILY, db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY,
		db.LimitPeriodYEARLY, db.LimitPeriodEVERYDAYS} {
		for _, unit := range []db.LimitType{db.LimitTypeCOST, db.LimitTypeTOKENS, db.LimitTypeREQUESTS} {
			if random.IntN(4) == 0 {
				limits = append(limits, limit(db.LimitKindBUDGET, unit, period))
			}
		}
	}
	for _, period := range []db.LimitPeriod{db.LimitPeriodSECOND, db.LimitPeriodMINUTE, db.LimitPeriodHOUR, db.LimitPeriodDAY, db.LimitPeriodWEEK} {
		for _, unit := range []db.LimitType{db.LimitTypeTOKENS, db.LimitTypeREQUESTS} {
			if random.IntN(4) == 0 {
				limits = append(limits, limit(db.LimitKindRATE, unit, period))
			}
		}
	}
	return limits
}

// What a simulation says that limits would have refused is what they do refuse: a tenant without limits whose usage is replayed, and one that has the
// limits and makes the same requests at the same instants, each reserved and settled at once with what it used. The same requests are refused by the same
// limits, in ENFORCE and in SHADOW, and the same alerts are raised, at the same instants: with budgets of all periods, in time zones whose clocks change
// within the time, and rates of all intervals.
func TestSimulationIsWhatEnforcementDoes(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for round := range dbtest.Repeat(6) {
		seed := rand.Uint64()                    //nolint:gosec // a test's
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test's
		free, bound := newGatewayIn(t, pool), newGatewayIn(t, pool)
		from := noon.AddDate(0, 0, -7)
		free.exec(`select create_usage_partitions(2, $1)`, from)
		limits, ids := randomLimits(random), []uuid.UUID{}
		if len(limits) == 0 {
			continue
		}
		for _, l := range limits {
			encoded, err := json.Marshal(l)
			must(t, 0, err)
			ids = append(ids, query[uuid.UUID](bound, `select id from create_limit($1, null, null, $2, $3, $4, $5, $6, $7, $8)`,
				bound.Organization.ID, l.Kind, l.Type, l.Period, l.MaxUnits, l.AlertUnits, string(encoded), from))
		}
		refused, refusedByAny, at := make([]int64, len(limits)), int64(0), from
		for range 40 {
			at = at.Add([]time.Duration{0, time.Millisecond, 300 * time.Millisecond, 20 * time.Second, 11 * time.Minute, 5 * time.Hour, 33 * time.Hour}[random.IntN(7)])
			requests, tokens, nanos := random.Int64N(3), random.Int64N(60), random.Int64N(60)*dollar/40
			for _, g := range []*gateway{free.at(at), bound.at(at)} {
				answer := g.reserve(estimate{requests: requests, tokens: tokens, nanos: nanos, ttl: time.Minute})
				if g.Tenant == bound.Tenant {
					for _, d := range answer.Denials {
						refused[slices.Index(ids, d.Limit.ID)]++
					}
					if !answer.Allowed {
						refusedByAny++
					}
				}
				if answer.Allowed {
					g.book(report{requests: requests, input: tokens, nanos: nanos, reservation: answer.Reservation.ID})
				}
			}
		}
		results := free.simulated(limits, from, at.Add(time.Second))
		name := fmt.Sprintf("round %d, seed %d: ", round, seed)
		equal(t, name+"refused by any", results[0].Events, refusedByAny)
		for i, l := range limits {
			name := name + fmt.Sprintf("%s %s %s of %d, %s, enabled %v: ", l.Period, l.Type, l.Kind, l.MaxUnits, l.Mode, l.Enabled)
			equal(t, name+"refused", results[i+1].Events, refused[i])
			alerts := []string{}
			for _, a := range results[i+1].Alerts {
				threshold := ""
				if a.ThresholdUnits != nil {
					threshold = fmt.Sprint(*a.ThresholdUnits)
				}
				alerts = append(alerts, fmt.Sprintf("%s %s: %d from %d", a.Kind, threshold, a.Periods, a.FirstAt.UnixMilli()))
			}
			slices.Sort(alerts)
			equal(t, name+"alerts", fmt.Sprint(alerts), fmt.Sprint(bound.alertsRaised(ids[i])))
		}
	}
}
