package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// atDatabaseTime returns the gateway at the database's clock: a change of a key ends what the key holds at that clock.
func (g *gateway) atDatabaseTime() *gateway {
	g.T.Helper()
	return g.at(query[time.Time](g, `select clock_timestamp()`))
}

// endHolds changes the tenant's key as the servers do, in one transaction, and returns the gateway after it.
func (g *gateway) endHolds(assignment string) *gateway {
	g.T.Helper()
	ctx := context.Background()
	tx, err := g.Pool.Begin(ctx)
	must(g.T, 0, err)
	must(g.T, 0, db.New().LockAPIKeys(ctx, tx, &db.LockAPIKeysParams{OrganizationID: g.Organization.ID, IDs: []uuid.UUID{g.Key.ID}}))
	_, err = tx.Exec(ctx, `update api_keys set `+assignment+` where id = $1`, g.Key.ID)
	must(g.T, 0, err)
	must(g.T, 0, db.New().EndHolds(ctx, tx, g.Organization.ID))
	must(g.T, 0, tx.Commit(ctx))
	return g.atDatabaseTime()
}

// reservedUnits returns what is stored as held of a limit.
func (g *gateway) reservedUnits(limit uuid.UUID) int64 {
	g.T.Helper()
	return query[int64](g, `select reserved_units from counters where limit_id = $1`, limit)
}

// Disabling, revoking and an expiry in the past give back in the same transaction what a key holds: in its own, the workspace's and the
// organization's limits, in whichever period it was admitted. Another key can have it at once, and requests stay counted in their
// windows. Switching the key on again brings no hold back.
func TestEndOfAKeyGivesItsHoldsBack(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, assignment := range map[string]string{
		"disabled": "enabled = false", "revoked": "revoked_at = clock_timestamp()", "expired": "expires_at = clock_timestamp() - interval '1 hour'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool).atDatabaseTime()
			limits := []uuid.UUID{
				g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100), g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100),
				g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100),
			}
			rate := g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
			other := g.newKey()
			kept := g.admit(estimateTokens(10).by(other))
			held := g.admit(estimateTokens(60).named("a"))
			ended := g.admit(estimateTokens(7))
			g.reset(limits[0])
			g.deny(estimateTokens(91).by(other), db.DenialReasonBUDGETEXHAUSTED, db.DenialReasonBUDGETEXHAUSTED)

			later := g.endHolds(assignment)
			equal(t, "stored of the organization", g.reservedUnits(limits[2]), 10)
			equal(t, "entries", query[int64](g, `select count(*) from hold_ends where organization_id = $1`, g.Organization.ID), 0)
			equal(t, "of the other key", later.status(kept), db.ReservationStatusHELD)
			for _, reservation := range []uuid.UUID{held, ended} {
				equal(t, "status", later.status(reservation), db.ReservationStatusEXPIRED)
				wantError(t, later.extend(reservation, time.Hour), "RESERVATION_CLOSED")
			}
			later.counts(rate, 3, 0)
			later.ended(later.history(limits[0])[0], 0, 0)
			later.admit(estimateTokens(90).by(other))
			later.verified()

			again := later.endHolds("enabled = true, expires_at = null, revoked_at = null")
			again.counts(limits[2], 0, 100)
			equal(t, "status after it was switched on", again.status(held), db.ReservationStatusEXPIRED)
			again.deny(estimateTokens(60).named("a"), db.DenialReasonRESERVATIONCLOSED)
			again.verified()
		})
	}
}

// Usage that is reported later for a hold that ended with its key is booked in full, where it was admitted, as for an expired one.
func TestUsageOfAnEndedHoldIsBooked(t *testing.T) {
	t.Parallel()
	g := newGateway(t).atDatabaseTime()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	swept, unswept := g.admit(estimateTokens(60)), g.admit(estimateTokens(30))
	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	later := g.atDatabaseTime()
	equal(t, "stored", later.status(unswept), db.ReservationStatusHELD)
	equal(t, "tokens", later.book(reportTokens(50).settling(unswept)).InputTokens, 50)
	later.counts(budget, 50, 0)
	later.sweep()
	later.book(reportTokens(45).settling(swept))
	later.counts(budget, 95, 0)
	later.counts(rate, 2, 0)
	wantError(t, later.record(reportTokens(1).settling(swept)), "RESERVATION_CLOSED")
	later.verified()
}

// A key that expires holds nothing from that instant on, although nobody has noticed: no limit shows it, another key can have it, what
// was reserved is EXPIRED and cannot be extended. The sweep gives it back. An expiry that is put off afterwards brings nothing back.
func TestExpiryOfAKeyEndsItsHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	other := g.newKey()
	g.setKey("expires_at = $2", g.now.Add(time.Minute))
	held := g.admit(estimateTokens(60).lasting(time.Hour))
	g.after(59*time.Second).counts(budget, 0, 60)

	expired := g.after(time.Minute)
	expired.counts(budget, 0, 0)
	equal(t, "stored", g.reservedUnits(budget), 60)
	wantError(t, expired.extend(held, time.Hour), "RESERVATION_CLOSED")
	wantReasons(t, expired.check(estimateTokens(100).by(other)))
	g.setKey("expires_at = null")
	g.exec(`update hold_ends set ended_at = $1`, expired.now) // the trigger noted the end at the database's clock
	expired.counts(budget, 0, 0)
	equal(t, "released", expired.release(held).Reservation.Status, db.ReservationStatusEXPIRED)

	g.setKey("expires_at = $2", expired.now.Add(time.Minute))
	expired = expired.after(time.Second)
	expired.admit(estimateTokens(60).lasting(time.Hour))
	expired.after(time.Minute).admit(estimateTokens(100).by(other))
	equal(t, "stored of the other key", g.reservedUnits(budget), 100)

	g.setKey("expires_at = $2", expired.now.Add(3*time.Hour))
	last := expired.after(2 * time.Hour)
	last.admit(estimateTokens(70).lasting(24 * time.Hour))
	organizations, err := db.New().ListOrganizationsToSweep(t.Context(), g.Pool, new(last.after(time.Hour).now))
	equal(t, "organizations to sweep", len(must(t, organizations, err)), 1)
	equal(t, "swept", last.after(time.Hour).sweep(), 1)
	equal(t, "stored", g.reservedUnits(budget), 0)
	g.verified()
}

// A key that is switched off by plain SQL, or by a server of the last release, holds nothing from then on either. The sweep gives back what
// it held, and so does a request for which there is no room without.
func TestPlainSQLEndsHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t).atDatabaseTime()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	other := g.newKey()
	for name, giveBack := range map[string]func(later *gateway){
		"a sweep":   func(later *gateway) { equal(t, "swept", later.sweep(), 1) },
		"a request": func(later *gateway) { later.release(later.admit(estimateTokens(90).by(other))) },
	} {
		held := g.admit(estimateTokens(60))
		g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
		later := g.atDatabaseTime()
		later.counts(budget, 0, 0)
		equal(t, name+": stored before", g.reservedUnits(budget), 60)
		giveBack(later)
		equal(t, name+": stored after", g.reservedUnits(budget), 0)
		equal(t, name+": status", later.status(held), db.ReservationStatusEXPIRED)
		g.exec(`update api_keys set enabled = true where id = $1`, g.Key.ID)
		g = g.atDatabaseTime()
	}
	g.verified()
}

// 25,000 holds of one key end at once for every decision and every read: another key is admitted for all of the budget. One transaction
// gives back 10,000 of them, so that nobody waits long for its lock, and sweeps the rest.
func TestVeryManyHoldsEndAtOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t).atDatabaseTime()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1_000_000)
	other := g.newKey()
	g.holdMany(budget, 25_000, 40)
	g.deny(estimateTokens(1).by(other), db.DenialReasonBUDGETEXHAUSTED)
	later := g.endHolds("enabled = false")
	equal(t, "stored", g.reservedUnits(budget), 15_000*40)
	later.counts(budget, 0, 0)
	wantReasons(t, later.check(estimateTokens(1_000_000).by(other)))
	later.endHolds("enabled = true")
	later = g.atDatabaseTime()
	later.counts(budget, 0, 0)
	later.admit(estimateTokens(5))
	later.counts(budget, 0, 5)
	later.admit(estimateTokens(999_995).by(other))
	later.counts(budget, 0, 1_000_000)
	equal(t, "held", query[int64](g, `select count(*) from reservations where status = 'HELD'`), 2)
	later.verified()
}

// A request that needs the room of very many holds of a key that was switched off gives back 10,000 of them at most, beside the 1,000 that
// each batch may, so that nobody waits long for it, and gets the room of all of them. The next requests and the sweep give back the rest.
func TestARequestGivesBackSomeEndedHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t).atDatabaseTime()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1_000_000)
	other := g.newKey()
	g.holdMany(budget, 25_000, 40)
	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	held := func() int64 {
		return query[int64](g, `select count(*) from reservations where status = 'HELD' and api_key_id = $1`, g.Key.ID)
	}
	later, before := g.atDatabaseTime(), held()
	for before > 0 {
		admitted := later.admit(estimateTokens(1_000_000).by(other))
		left := held()
		if given := before - left; given == 0 || given > 11_000 {
			t.Fatalf("a request gave back %d holds of %d", given, before)
		}
		equal(t, "stored", g.reservedUnits(budget), 1_000_000+left*40)
		later.counts(budget, 0, 1_000_000)
		later.deny(estimateTokens(1).by(other), db.DenialReasonBUDGETEXHAUSTED)
		later.release(admitted)
		before = held()
	}
	later.counts(budget, 0, 0)
	equal(t, "entries", query[int64](g, `select count(*) from hold_ends where organization_id = $1`, g.Organization.ID), 0)
	g.verified()
}

// holdMany stores reservations of the tenant's key as if they had been made one by one.
func (g *gateway) holdMany(budget uuid.UUID, number int, tokens int64) {
	g.T.Helper()
	g.exec(`insert into reservations (organization_id, id, api_key_id, workspace_id, fingerprint, requests, tokens, cost_nanos, counter_ids,
			period_numbers, admitted_at, expires_at)
		select c.organization_id, uuid_v7(), $3, $4, '', 1, $5, 0, array[c.id], array[c.period_number], $6::timestamptz, $6::timestamptz + interval '1 day'
		from counters c, generate_series(1, $2) where c.limit_id = $1`, budget, number, g.Key.ID, g.Workspace.ID, tokens, g.now)
	g.exec(`update counters set reserved_units = reserved_units + $2::bigint * $3 where limit_id = $1`, budget, number, tokens)
}

// A server ends holds of the organization that its transaction names alone, and of none if it names none; the operator of any.
func TestHoldsEndWithinTheOrganization(t *testing.T) {
	t.Parallel()
	g := newGateway(t).atDatabaseTime()
	g.admit(estimateTokens(60))
	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	own, other := g.Organization.ID.String(), g.neighbour().Organization.ID.String()
	for _, c := range []struct {
		role    string
		setting *string
		want    int64
	}{
		{db.ServerRole, nil, 0}, {db.ServerRole, new(""), 0}, {db.ServerRole, &other, 0}, {db.ServerRole, &own, 1}, {db.OperatorRole, nil, 1},
	} {
		for _, statement := range []string{
			`select coalesce((select r.number from release_api_key_holds($1, $2) r), 0)`, `select end_holds($1) where $2::uuid is not null`,
		} {
			confinedTx(t, server.ServerPool(t, g.Pool), c.role, c.setting, func(tx pgx.Tx) {
				var ended int64
				must(t, 0, tx.QueryRow(t.Context(), statement, g.Organization.ID, g.Key.ID).Scan(&ended))
				equal(t, "ended by "+c.role+" in "+text(c.setting), ended, c.want)
			})
		}
	}
}
