package db_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// A window is half-open and aligned to the UTC clock: full until its last microsecond, empty at the first of the next.
func TestRateWindows(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for interval, end := range map[db.LimitPeriod]time.Time{
		db.LimitPeriodMINUTE: time.Date(2026, 3, 11, 12, 1, 0, 0, time.UTC),
		db.LimitPeriodHOUR:   time.Date(2026, 3, 11, 13, 0, 0, 0, time.UTC),
		db.LimitPeriodDAY:    time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC),
	} {
		t.Run(string(interval), func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			rate := g.rate(onKey, db.LimitTypeREQUESTS, interval, 2)
			g.admit(estimateRequests(1))
			g.admit(estimateRequests(1))
			for _, now := range []time.Time{noon, end.Add(-time.Microsecond)} {
				answer := g.at(now).deny(estimateRequests(1), db.DenialReasonRATELIMITED)
				equal(t, "denied by", answer.DeniedBy(), db.DeniedByRate)
				equalTime(t, "retry", *answer.Denials[0].RetryAt, end)
			}
			g.counts(rate, 2, 0)
			g.at(end).admit(estimateRequests(2))
			g.at(end).counts(rate, 2, 0)
			g.verified()
		})
	}
}

// A burst across a window's edge can be twice the limit, and no more.
func TestBurstAcrossTheEdge(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 5)
	end := *g.limit(rate).PeriodEnd
	admitted := 0
	for _, now := range []time.Time{end.Add(-time.Microsecond), end} {
		for range 10 {
			if g.at(now).reserve(estimateRequests(1)).Allowed {
				admitted++
			}
		}
	}
	equal(t, "admitted within two microseconds", admitted, 10)
}

// A limit of tokens counts what is held and then what is used, in the window that admitted.
func TestTokenRate(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodHOUR, 100)
	reservation := g.admit(estimateTokens(80))
	g.deny(estimateTokens(21), db.DenialReasonRATELIMITED)
	g.book(reportTokens(30).settling(reservation))
	g.counts(rate, 30, 0)
	g.admit(estimateTokens(70))
	g.deny(estimateTokens(0), db.DenialReasonRATELIMITED)
	g.deny(estimateTokens(101), db.DenialReasonESTIMATEEXCEEDSLIMIT)
}

// Denied requests count nowhere: neither in the limit that denied nor in any other.
func TestDeniedRequestsCountNowhere(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	minute := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
	day := g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	budget := g.tokenBudget(100)
	g.admit(estimateTokens(5))
	for range 5 {
		g.deny(estimateTokens(5), db.DenialReasonRATELIMITED)
	}
	g.counts(minute, 1, 0)
	g.counts(day, 1, 0)
	g.counts(budget, 0, 5)
	g.verified()
}

// Unreserved usage counts in the window in which it is recorded, also past the limit.
func TestUnreservedRequestsCount(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 2)
	for range 3 {
		g.book(reportTokens(1))
	}
	g.counts(rate, 3, 0)
	g.deny(estimateRequests(0), db.DenialReasonRATELIMITED)
	g.after(time.Minute).counts(rate, 0, 0)
	g.verified()
}

// Changing a rate's limit keeps what its window has counted and decides the very next request.
func TestChangedRateDecidesNext(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 2)
	g.admit(estimateRequests(2))
	g.deny(estimateRequests(1), db.DenialReasonRATELIMITED)
	g.changeRate(rate, 3)
	g.admit(estimateRequests(1))
	g.changeRate(rate, 1)
	g.counts(rate, 3, 0)
	g.deny(estimateRequests(1), db.DenialReasonRATELIMITED)
	g.after(time.Minute).admit(estimateRequests(1))
}

// A request that counts nothing opens the window too that it names: whatever it settles to later is charged to that one,
// and not to the next that somebody opens.
func TestRequestOfNothingOpensItsWindow(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	requests := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 10)
	tokens := g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 100)
	first := g.after(time.Minute)
	nothing := first.admit(estimateRequests(0))
	equalTime(t, "window", first.limit(requests).PeriodStart, first.now.Truncate(time.Minute))
	later := g.after(2 * time.Minute)
	later.admit(estimateTokens(30))
	later.book(reportTokens(50).settling(nothing).counting(5))
	later.counts(requests, 1, 0)
	later.counts(tokens, 0, 30)
	g.verified()
}

// A batch whose charges are not all written grants nothing: whatever keeps the database from it is an error.
func TestChargeThatIsNotWritten(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 10)
	g.exec(`create function swallow() returns trigger language plpgsql as $$ begin return null; end $$`)
	g.exec(`create trigger swallow before update on counters for each row when (old.kind = 'BUDGET') execute function swallow()`)
	_, err := g.reserveOn(g.Pool, &g.now, estimateTokens(1))
	var server *pgconn.PgError
	if !errors.As(err, &server) || server.Code != pgerrcode.SerializationFailure {
		t.Errorf("error %v, want a serialization failure", err)
	}
	equal(t, "reservations", query[int64](g, `select count(*) from reservations`), 0)
	g.exec(`drop trigger swallow on counters`)
	g.admit(estimateTokens(100))
	g.counts(budget, 0, 100)
	g.verified()
}
