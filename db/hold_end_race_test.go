package db_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

// A key is switched off and on, revoked keys are released, and what they hold is reserved, settled, extended and released by many at once,
// over two servers' pools: counters stay exact, no deadlock is an error of anybody, and in the end a key that is off holds nothing.
func TestEndOfHoldsAmongRequests(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pools := twoPools(t)
	g := newGatewayIn(t, pools[0]).atDatabaseTime()
	limits := []uuid.UUID{
		g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100_000), g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100_000),
		g.budget(onWorkspace, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 1000*dollar),
	}
	keys := []uuid.UUID{g.Key.ID, g.newKey()}
	var requests, changes sync.WaitGroup
	stop := make(chan struct{})
	for i := range 8 {
		requests.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 7))
			for range dbtest.Repeat(25) {
				key := keys[random.IntN(2)]
				answers, err := g.reserveOn(pools[i%2], nil, estimateTokens(10).costing(dollar).by(key), estimateTokens(5).by(key))
				if err != nil {
					t.Error(err)
					return
				}
				for n, a := range answers {
					if a.Reservation == nil {
						continue
					}
					switch (random.IntN(4) + n) % 4 {
					case 0:
						_, err = g.recordOn(pools[(i+n)%2], nil, reportTokens(4).settling(a.Reservation.ID))
					case 1:
						_, err = db.New().ReleaseReservations(context.Background(), pools[i%2], &db.ReleaseReservationsParams{
							OrganizationIDs: []uuid.UUID{g.Organization.ID}, ReservationIDs: []uuid.UUID{a.Reservation.ID}})
					case 2:
						_, err = db.New().ExtendReservations(context.Background(), pools[i%2], &db.ExtendReservationsParams{
							OrganizationIDs: []uuid.UUID{g.Organization.ID}, ReservationIDs: []uuid.UUID{a.Reservation.ID}, TTLSeconds: []int32{900}})
					}
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for i, key := range keys {
		changes.Go(func() {
			for on := true; ; on = !on {
				select {
				case <-stop:
					return
				default:
				}
				if err := g.switchKey(pools[i%2], key, on); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	requests.Wait()
	close(stop)
	changes.Wait()
	for _, key := range keys {
		must(t, 0, g.switchKey(pools[0], key, false))
	}
	later := g.atDatabaseTime()
	for _, limit := range limits {
		equal(t, "stored", later.reservedUnits(limit), 0)
	}
	equal(t, "held", query[int64](g, `select count(*) from reservations where status = 'HELD'`), 0)
	later.verified()
}

// switchKey switches a key on or off as the servers do, and releases what it holds while it is on.
func (g *gateway) switchKey(on *pgxpool.Pool, key uuid.UUID, enabled bool) error {
	ctx := context.Background()
	tx, err := on.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // of what failed
	if enabled {
		err = db.New().LockAPIKeys(ctx, tx, &db.LockAPIKeysParams{OrganizationID: g.Organization.ID, IDs: []uuid.UUID{key}})
		if err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `update api_keys set enabled = true, disabled_by_administrator = false where id = $1`, key); err == nil {
			_, err = db.New().ReleaseAPIKeyHolds(ctx, tx, &db.ReleaseAPIKeyHoldsParams{OrganizationID: g.Organization.ID, APIKeyID: key})
		}
	} else {
		_, err = tx.Exec(ctx, `select disable_api_keys($1, array[$2::uuid])`, g.Organization.ID, key)
	}
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// A server that is killed while it switches a key off has changed nothing: the key works, and holds what it held. One that is killed
// between two sweeps has forgotten nothing: the next one goes on.
func TestEndOfHoldsSurvivesAKill(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t).atDatabaseTime()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000)
	for range 5 {
		g.admit(estimateTokens(10))
	}
	connection, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	_, err = connection.Exec(ctx, `begin; select disable_api_keys('`+g.Organization.ID.String()+`', array['`+g.Key.ID.String()+`'::uuid])`)
	must(t, 0, err)
	equal(t, "killed", query[bool](g, `select pg_terminate_backend($1, 60000)`, int32(connection.Conn().PgConn().PID())), true)
	connection.Release()
	later := g.atDatabaseTime()
	later.counts(budget, 0, 50)
	equal(t, "status", later.keyStatus(), db.ApiKeyStatusACTIVE)
	later.verified()

	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	later = g.atDatabaseTime()
	for _, want := range []int64{30, 10, 0} { // each sweep is a transaction, after which its server may be killed
		_, err := db.New().SweepReservations(ctx, g.Pool, &db.SweepReservationsParams{OrganizationID: g.Organization.ID, Number: 2, Now: &later.now})
		must(t, 0, err)
		equal(t, "stored", later.reservedUnits(budget), want)
		later.counts(budget, 0, 0)
		later.verified()
	}
	equal(t, "entries", query[int64](g, `select count(*) from hold_ends`), 0)
}
