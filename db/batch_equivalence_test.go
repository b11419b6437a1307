package db_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
)

// twin is one of two tenants that are asked the same: one in batches, the other request by request.
type twin struct {
	*gateway
	keys         []uuid.UUID
	reservations []uuid.UUID // that were admitted, in the same order in both
}

func newTwin(g *gateway) *twin {
	t := &twin{gateway: g, keys: []uuid.UUID{g.Key.ID, g.newKey()}}
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 300, 100, 200)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 12)
	g.budget(onWorkspace, db.LimitTypeCOST, db.LimitPeriodWEEKLY, 5*dollar, 2*dollar)
	g.rate(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodDAY, 900)
	g.exec(`select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 400, '{350}', $3)`, g.Organization.ID, t.keys[1], g.now)
	return t
}

// asked is a request for both tenants: keys and reservations are indexes of theirs.
type asked struct {
	key, reservation int // reservation -1: none
	id               string
	requests, tokens int64
	dollars          int64
	ttl              time.Duration
}

func (t *twin) estimates(batch []asked) []estimate {
	estimates := make([]estimate, len(batch))
	for i, a := range batch {
		estimates[i] = estimateTokens(a.tokens).costing(a.dollars * dollar).by(t.keys[a.key]).named(a.id).lasting(a.ttl)
		estimates[i].requests = a.requests
	}
	return estimates
}

func (t *twin) reports(batch []asked) []report {
	reports := make([]report, len(batch))
	for i, a := range batch {
		reports[i] = reportTokens(a.tokens).costing(a.dollars * dollar).counting(a.requests).named(a.id)
		if a.reservation >= 0 {
			reports[i] = reports[i].settling(t.reservations[a.reservation])
		} else {
			reports[i] = reports[i].by(t.keys[a.key])
		}
	}
	return reports
}

// told is what an answer says that does not name the tenant's own ids.
func told(a *db.UsageAnswer) string {
	reasons := []string{}
	for _, d := range a.Denials {
		reasons = append(reasons, string(d.Reason))
	}
	slices.Sort(reasons)
	text := fmt.Sprintf("replayed %t, allowed %t, denied %v", a.Replayed, a.Allowed, reasons)
	if a.Error != nil {
		text = *a.Error
	}
	if a.Reservation != nil {
		text += fmt.Sprintf(", %s until %s", a.Reservation.Status, a.Reservation.ExpiresAt)
	}
	if a.UsageEvent != nil {
		text += fmt.Sprintf(", event of %d requests, %d counted, in periods %v", a.UsageEvent.Requests, a.UsageEvent.CountedRequests,
			len(a.UsageEvent.PeriodNumbers))
	}
	return text
}

// state is every limit, period, reservation and alert of the tenant as they stand now, without its own ids; without ended
// periods that nothing was counted in, which history shows only from the next touch on.
func (t *twin) state() string {
	return query[string](t.gateway, `
		select coalesce(string_agg(x.line, E'\n' order by x.line), '') from (
			select format('%s %s %s %s: %s used, %s reserved from %s', s.kind, s.type, s.period, s.max_units, s.used_units,
				s.reserved_units, s.period_start) from enforced_limits_at($2) s where s.organization_id = $1
			union all
			select format('%s from %s: %s used, %s reserved', p.type, p.period_start, p.used_units, p.reserved_units)
				from limits l, budget_periods_of($1, l.id, $2) p where l.organization_id = $1 and p.period_end <= $2
				and p.used_units + p.reserved_units > 0
			union all
			select format('%s %s', r.status, r.tokens) from reservations_at($2) r where r.organization_id = $1
			union all
			select format('alert %s %s %s from %s', a.kind, a.type, a.threshold_units, a.period_start)
				from alerts a where a.organization_id = $1
			union all
			select format('%s events of %s tokens', count(*), sum(e.input_tokens)) from usage_events e where e.organization_id = $1
		) x (line)`, t.Organization.ID, t.now)
}

// A batch is answered and leaves behind what its requests would one after the other, whether it fits as a whole, is tight,
// repeats itself, settles twice or crosses windows and periods.
func TestBatchesEqualSingleRequests(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		together, apart := newTwin(newGatewayIn(t, pool)), newTwin(newGatewayIn(t, pool))
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			batch := rapid.SliceOfN(requestOf(len(together.reservations)), 1, 6).Draw(rt, "batch")
			var at, one []*db.UsageAnswer
			var err error
			if rapid.Bool().Draw(rt, "reserve") {
				at, err = together.reserveOn(pool, &together.now, together.estimates(batch)...)
				must(t, 0, err)
				for _, e := range apart.estimates(batch) {
					single, err := apart.reserveOn(pool, &apart.now, e)
					one = append(one, must(t, single, err)...)
				}
			} else {
				at, err = together.recordOn(pool, &together.now, together.reports(batch)...)
				must(t, 0, err)
				for _, r := range apart.reports(batch) {
					single, err := apart.recordOn(pool, &apart.now, r)
					one = append(one, must(t, single, err)...)
				}
			}
			compare(rt, together, apart, at, one)
			later := rapid.SampledFrom([]time.Duration{0, time.Second, 40 * time.Second, 26 * time.Hour, 8 * 24 * time.Hour}).Draw(rt, "later")
			together.now, apart.now = together.now.Add(later), apart.now.Add(later)
		}
		together.verified()
		apart.verified()
	})
}

func requestOf(reservations int) *rapid.Generator[asked] {
	return rapid.Custom(func(rt *rapid.T) asked {
		a := asked{
			key: rapid.IntRange(0, 1).Draw(rt, "key"), reservation: -1,
			id:       rapid.SampledFrom([]string{"", "", "", "a", "b"}).Draw(rt, "id"),
			requests: rapid.Int64Range(0, 3).Draw(rt, "requests"), tokens: rapid.Int64Range(0, 60).Draw(rt, "tokens"),
			dollars: rapid.Int64Range(0, 1).Draw(rt, "dollars"), ttl: time.Duration(rapid.IntRange(1, 90).Draw(rt, "ttl")) * time.Second,
		}
		if reservations > 0 && rapid.Bool().Draw(rt, "settle") {
			a.reservation = rapid.IntRange(0, reservations-1).Draw(rt, "reservation")
		}
		return a
	})
}

// compare fails unless both twins were told the same and stand the same, and notes what was admitted.
func compare(rt *rapid.T, together, apart *twin, at, one []*db.UsageAnswer) {
	for i := range at {
		if got, want := told(at[i]), told(one[i]); got != want {
			rt.Fatalf("request %d: %s in a batch, %s alone", i, got, want)
		}
		if at[i].Reservation != nil && !at[i].Replayed {
			together.reservations = append(together.reservations, at[i].Reservation.ID)
			apart.reservations = append(apart.reservations, one[i].Reservation.ID)
		}
	}
	if got, want := together.state(), apart.state(); got != want {
		rt.Fatalf("in a batch:\n%s\nalone:\n%s", got, want)
	}
}
