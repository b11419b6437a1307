package db_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// explainedKeys is how many keys tests of plans load: a number at which to read all of them costs many times what an index does, many if
// BURSAR_TEST_REPEAT is 10 or more, and another number if BURSAR_TEST_KEYS says so. BURSAR_TEST_KEYS=1000000 proves
// TestEnforcementUsesItsIndexes at that size: loading takes one or two minutes.
func explainedKeys(t *testing.T, number, many int) int {
	keys, err := strconv.Atoi(os.Getenv("BURSAR_TEST_KEYS"))
	if os.Getenv("BURSAR_TEST_KEYS") == "" {
		if dbtest.Repeat(1) >= 10 {
			return many
		}
		return number
	}
	return must(t, keys, err)
}

// Every statement inside the functions of enforcement finds its rows by an index, and looks at no more of them than the batch
// has use for: one request or 256, all admitted or decided one by one, whatever the planner knows of the tables: nothing,
// that they are empty (they were, when they were analyzed), or what they hold.
func TestEnforcementUsesItsIndexes(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "plans every statement on tables with many rows")
	keys := explainedKeys(t, 5000, 20_000) // each with three limits
	url := server.NewURL(t)
	g := newGatewayIn(t, server.Pool(t, url))
	g.now = time.Now().UTC().Truncate(time.Microsecond)
	for _, on := range []db.SubjectType{onWorkspace, onOrganization} {
		g.budget(on, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 900_000_000*dollar)
	}
	began := time.Now()
	g.loadKeys(t, keys)
	t.Logf("%d keys loaded in %s", keys, time.Since(began).Round(time.Millisecond))
	for _, known := range []struct{ name, statement string }{
		{"never analyzed", ""},
		{"analyzed when empty", `update pg_class set reltuples = 0, relpages = 0 where oid = any ($1::text[]::regclass[])`},
		{"analyzed", ""},
	} {
		if known.statement != "" {
			g.exec(known.statement, enforced)
		}
		if known.name == "analyzed" {
			g.exec(`analyze ` + strings.Join(enforced, ", "))
		}
		t.Run(known.name, func(t *testing.T) {
			e := explain(t, url)
			for _, batch := range []int{1, 256} {
				e.enforce(t, g, batch, keys, false)
				e.enforce(t, g, batch, keys, true)
			}
		})
	}
}

// enforce runs every operation with batches of a size: often enough that PostgreSQL would settle on a generic plan of what
// it has planned anew five times. A batch with an unknown key is decided request by request.
func (e *explained) enforce(t *testing.T, g *gateway, batch, keys int, oneByOne bool) {
	t.Helper()
	repeats := 7
	if batch > 1 {
		repeats = 1 // its statements run once for each request, or do not depend on how many there are
	}
	for range repeats {
		estimates, reports := []estimate{}, []report{}
		for i := range batch {
			key := loadedID(1 + (i*7919)%keys)
			estimates = append(estimates, estimateTokens(5).by(key).costing(1).named(uuid.NewString()))
			reports = append(reports, reportTokens(5).by(key).costing(1).named(uuid.NewString()))
		}
		if oneByOne {
			estimates = append(estimates, estimateTokens(5).by(uuid.New()))
			reports = append(reports, reportTokens(5).by(uuid.New()))
		}
		checked, err := g.checkOn(e.session, nil, estimates...)
		e.indexed(t, "check", batch, len(must(t, checked, err)))
		held, err := g.reserveOn(e.session, nil, estimates...)
		e.indexed(t, "reserve", batch, len(must(t, held, err)))
		booked, err := g.recordOn(e.session, nil, reports...)
		e.indexed(t, "record", batch, len(must(t, booked, err)))

		extension := &db.ExtendReservationsParams{}
		for _, answer := range held {
			id := uuid.New() // as unknown as the key was
			if answer.Reservation != nil {
				id = answer.Reservation.ID
			}
			extension.OrganizationIDs = append(extension.OrganizationIDs, g.Organization.ID)
			extension.ReservationIDs = append(extension.ReservationIDs, id)
			extension.TTLSeconds = append(extension.TTLSeconds, 900)
		}
		extended, err := db.New().ExtendReservations(context.Background(), e.session, extension)
		e.indexed(t, "extend", batch, len(must(t, extended, err)))
		half := len(held) / 2
		released, err := db.New().ReleaseReservations(context.Background(), e.session, &db.ReleaseReservationsParams{
			OrganizationIDs: extension.OrganizationIDs[:half], ReservationIDs: extension.ReservationIDs[:half]})
		e.indexed(t, "release", batch, len(must(t, released, err)))
		for i := range reports {
			if reports[i] = reportTokens(5).settling(extension.ReservationIDs[i]); i < half {
				reports[i].reservation = uuid.New()
			}
		}
		settled, err := g.recordOn(e.session, nil, reports...)
		e.indexed(t, "settle", batch, len(must(t, settled, err)))
	}
}

// rowsAtMost is how many rows a request may look at, in all statements that it takes part in: a few for its key and for each of
// its five limits. A statement that reads what the organization has looks at thousands.
const rowsAtMost = 250

// indexed fails the test unless all that ran since the last call found its rows by indexes and looked at few.
func (e *explained) indexed(t *testing.T, operation string, batch, answers int) {
	t.Helper()
	statements := e.taken(t)
	if len(statements) == 0 || answers == 0 && operation != "release" {
		t.Fatalf("%s of %d: %d statements, %d answers", operation, batch, len(statements), answers)
	}
	rows := 0.0
	for _, s := range statements {
		// PostgreSQL checks the foreign key of a counter that a transaction has changed twice, such as one of two releases
		if s.Plan.reads("limits") && !strings.HasSuffix(s.Text, "FOR KEY SHARE OF x") {
			e.complain(t, operation, "look-up of a limit, of which its counter has a copy", s)
		}
		looked := s.Plan.scanned(func(what string) { e.complain(t, operation, what, s) })
		if rows += looked; looked > rowsAtMost*float64(batch) {
			e.complain(t, operation, fmt.Sprintf("%.0f rows for %d requests", looked, batch), s)
		}
	}
	if rows > 2*rowsAtMost*float64(batch) {
		t.Errorf("%s of %d: %.0f rows in %d statements", operation, batch, rows, len(statements))
	}
}

// complain fails the test, once for each statement.
func (e *explained) complain(t *testing.T, operation, what string, s planned) {
	t.Helper()
	if !e.complained[operation+s.Text] {
		e.complained[operation+s.Text] = true
		t.Errorf("%s: %s in\n%s", operation, what, s.Text)
	}
}
