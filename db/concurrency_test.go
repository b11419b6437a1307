package db_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

// twoPools returns two pools on one database: what two server processes are to it. Each has 5 connections: ten sessions race as well as more, and each
// compiles and plans the functions anew.
func twoPools(t *testing.T) (pools [2]*pgxpool.Pool) {
	t.Helper()
	url := server.NewURL(t)
	for i := range pools {
		pool, err := db.NewPool(context.Background(), db.PoolConfig{URL: url, MaxConnections: 5})
		pools[i] = must(t, pool, err)
		t.Cleanup(pool.Close)
	}
	return pools
}

// race reserves the same estimate from 200 goroutines over two pools at once and returns how many were admitted.
func (g *gateway) race(pools [2]*pgxpool.Pool, e estimate) int64 {
	g.T.Helper()
	var admitted atomic.Int64
	var waiting sync.WaitGroup
	start := make(chan struct{})
	for i := range 200 {
		waiting.Go(func() {
			<-start
			answers, err := g.reserveOn(pools[i%2], nil, e)
			switch {
			case err != nil:
				g.T.Error(err)
			case answers[0].Allowed:
				admitted.Add(1)
			}
		})
	}
	close(start)
	waiting.Wait()
	return admitted.Load()
}

// However many requests of however many processes race for a budget, exactly as many are admitted as fit.
func TestRaceAdmitsExactlyWhatFits(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pools := twoPools(t)
	g := newGatewayIn(t, pools[0])
	budget := g.tokenBudget(1000)
	equal(t, "admitted", g.race(pools, estimateTokens(7)), 142)
	g.counts(budget, 0, 142*7)
	g.raised(budget, -1)
	g.verified()
}

// The same holds across the limits of key, workspace and organization at once: the tightest decides, each holds what was
// admitted and none what was denied.
func TestRaceAcrossSubjectsChargesAllOrNone(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := twoPools(t)
	for _, amounts := range [][3]int64{{400, 310, 350}, {200, 310, 350}, {400, 380, 130}} {
		g := newGatewayIn(t, pool[0])
		tightest := min(amounts[0], amounts[1], amounts[2])
		limits := []uuid.UUID{}
		for i, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
			limits = append(limits, g.budget(on, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, amounts[i]))
		}
		rate := g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100_000)
		g.now = query[time.Time](g, `select clock_timestamp()`)
		admitted := g.race(pool, estimateTokens(7))
		equal(t, "admitted", admitted, tightest/7)
		g.now = query[time.Time](g, `select clock_timestamp()`)
		for _, limit := range limits {
			g.counts(limit, 0, 7*admitted)
		}
		g.counts(rate, admitted, 0)
		equal(t, "reservations", query[int64](g, `select count(*) from reservations where organization_id = $1`, g.Organization.ID), admitted)
		g.verified()
	}
}

// Racing requests pass a window of requests exactly as often as it admits.
func TestRaceForARateWindow(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pools := twoPools(t)
	g := newGatewayIn(t, pools[0])
	now := g.now
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 33)
	// a window that the clock's next midnight cannot cut in two
	g.exec(`update counters set period_start = now() - interval '1 day', period_end = now() + interval '1 day'`)
	equal(t, "admitted", g.race(pools, estimateRequests(1)), 33)
	equal(t, "used", query[int64](g, `select used_units::bigint from counters where limit_id = $1`, rate), 33)
	g.now = now
	g.verified()
}

// Batches that mix many organizations in different orders never deadlock, and every counter is exact afterwards.
func TestMixedBatchesNeverDeadlock(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pools := twoPools(t)
	tenants := make([]*gateway, 8)
	for i := range tenants {
		tenants[i] = newGatewayIn(t, pools[0])
		tenants[i].budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1<<40, 50)
		tenants[i].budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 200, 100)
	}
	var waiting sync.WaitGroup
	batches := dbtest.Repeat(10)
	for worker := range 8 {
		waiting.Go(func() {
			seeded := rand.New(rand.NewPCG(uint64(worker), 1))
			on := pools[worker%2]
			for range batches {
				var estimates []estimate
				var reports []report
				for _, i := range seeded.Perm(len(tenants)) {
					scope := tenants[i].Organization.ID
					if seeded.IntN(2) == 0 {
						scope = anyOrganization
					}
					estimates = append(estimates, estimateTokens(3).by(tenants[i].Key.ID).within(scope))
					reports = append(reports, reportTokens(2).presenting(tenants[i].Secret.Hash).within(scope))
				}
				if err := mixed(tenants[0], on, estimates, reports); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	waiting.Wait()
	for _, g := range tenants {
		g.verified()
		equal(t, "ledger rows", query[int64](g, `select count(*) from usage_events where organization_id = $1`, g.Organization.ID) >= int64(8*batches), true)
	}
}

// mixed reserves and records over many organizations, and settles and releases what was admitted in the reverse order.
func mixed(g *gateway, on db.DBTX, estimates []estimate, reports []report) error {
	reserved, err := g.reserveOn(on, nil, estimates...)
	if err != nil {
		return err
	}
	if _, err := g.recordOn(on, nil, reports...); err != nil {
		return err
	}
	var settlements []report
	release := &db.ReleaseReservationsParams{}
	for i, r := range slices.Backward(reserved) {
		switch {
		case !r.Allowed:
		case i%2 == 0:
			settlements = append(settlements, reportTokens(1).settling(r.Reservation.ID).within(anyOrganization))
		default:
			release.OrganizationIDs = append(release.OrganizationIDs, uuid.Nil)
			release.ReservationIDs = append(release.ReservationIDs, r.Reservation.ID)
		}
	}
	if len(settlements) > 0 {
		if _, err := g.recordOn(on, nil, settlements...); err != nil {
			return err
		}
	}
	if len(release.ReservationIDs) > 0 {
		_, err = db.New().ReleaseReservations(context.Background(), on, release)
	}
	return err
}

// Edits, resets and the reset job race with reservations and records without an error or a lost count.
func TestEditsRaceWithTraffic(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pools := twoPools(t)
	g := newGatewayIn(t, pools[0])
	g.now = query[time.Time](g, `select clock_timestamp()`)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1<<30, 10)
	var waiting sync.WaitGroup
	for worker := range 6 {
		waiting.Go(func() {
			for n := range 20 {
				var err error
				switch {
				case worker < 4:
					err = mixed(g, pools[worker%2], []estimate{estimateTokens(5)}, []report{reportTokens(3)})
				case worker == 4 && n%4 == 0:
					_, err = db.New().ResetBudgetLimit(context.Background(), pools[1],
						&db.ResetBudgetLimitParams{OrganizationID: g.Organization.ID, ID: budget})
				case worker == 4:
					_, err = db.New().UpdateBudgetLimit(context.Background(), pools[0], &db.UpdateBudgetLimitParams{
						OrganizationID: g.Organization.ID, ID: budget, MaxUnits: new(int64(1<<30 + n))})
				default:
					_, err = db.New().ClosePeriods(context.Background(), pools[1], &db.ClosePeriodsParams{Number: 10_000, OrganizationID: g.Organization.ID})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	waiting.Wait()
	g.verified()
	equal(t, "generations that ended", len(g.history(budget)), 5)
	total := query[int64](g, `select (select used_units from counters where limit_id = $1)::bigint
		+ (select sum(used_units) from budget_periods where budget_limit_id = $1)::bigint`, budget)
	equal(t, "used in all generations", total, 4*20*(3+1))
}
