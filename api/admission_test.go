package api_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// waitingForAuditLog counts the statements that wait for a lock; other tests' databases have a table of the same number.
const waitingForAuditLog = `select count(*) from pg_locks
	where database = (select oid from pg_database where datname = current_database()) and relation = 'audit_log'::regclass and not granted`

// However many requests of one organization wait for the database, two of them do so there; gateways, that organization's
// among them, and the portals of another organization are answered meanwhile; and those that wait are answered after them.
func TestPortalsHaveTwoTenantSlots(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	other.Viewer = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleVIEWER)
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
	other.Run(other.Viewer, "Alerts", nil)
	const portals = 20
	var asking sync.WaitGroup
	var answered atomic.Int64
	err := pgx.BeginFunc(t.Context(), a.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "lock table audit_log in access exclusive mode"); err != nil {
			return err
		}
		for range portals {
			asking.Go(func() {
				a.Run(a.Viewer, "AuditLog", nil)
				answered.Add(1)
			})
		}
		waiting := func() (number int) {
			if err := tx.QueryRow(t.Context(), waitingForAuditLog).Scan(&number); err != nil {
				t.Error(err)
			}
			return number
		}
		for began := time.Now(); waiting() < 2; {
			if time.Since(began) > 4*time.Second { // those that wait for a tenant slot are UNAVAILABLE after 5 s
				t.Fatal("nobody waits in the database")
			}
		}
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
		other.Run(other.Viewer, "Alerts", nil)
		if number := waiting(); number != 2 || answered.Load() != 0 {
			t.Errorf("%d requests wait in the database, want 2; %d are answered, want 0", number, answered.Load())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	asking.Wait()
	if answered.Load() != portals {
		t.Errorf("%d of %d were answered", answered.Load(), portals)
	}
}

// Beyond those that may wait, a request is UNAVAILABLE at once.
func TestTooManyPortalsAreUnavailable(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Viewer, "AuditLog", nil)
	const portals = 300 // 2 at work and 256 waiting
	var unavailable atomic.Int64
	answers := make(chan *graphtest.Answer, portals)
	err := pgx.BeginFunc(t.Context(), a.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "lock table audit_log in access exclusive mode"); err != nil {
			return err
		}
		for range portals {
			go func() { answers <- a.Do(a.Viewer, "AuditLog", nil) }()
		}
		for range portals - 258 { // the others have no answer before the lock is released
			if refused := <-answers; len(refused.Errors) == 1 && refused.Errors[0].Extensions.Code == "UNAVAILABLE" {
				unavailable.Add(1)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 258 {
		<-answers
	}
	if unavailable.Load() != portals-258 {
		t.Errorf("%d were refused at once, want %d", unavailable.Load(), portals-258)
	}
}

// A large body is read for one request of an organization at a time; one that says that it is too large is not read at all.
func TestLargeBodiesAreReadOneAtATime(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	large := object{"query": "{viewer{role}}", "variables": object{"x": fmt.Sprintf("%100000d", 1)}}
	if result := a.Post(a.Viewer, large); len(result.Errors) != 0 {
		t.Fatalf("alone: %+v", result.Errors)
	}
	body := newHalfBody(t, a, 100_000)
	a.Post(a.Viewer, large).Must("UNAVAILABLE", "")
	a.Post(a.Gateway, large).Equal("GATEWAY", "viewer", "role")
	body.close()
	for began := time.Now(); ; { // until the server has noticed
		if result := a.Post(a.Viewer, large); len(result.Errors) == 0 {
			return
		} else if time.Since(began) > 10*time.Second {
			t.Fatalf("after it: %+v", result.Errors)
		}
	}
}

// However much a document asks for, its caller has one connection to the database at a time.
func TestDocumentsHaveOneConnection(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	answers := make(chan *graphtest.Answer, 1)
	err := pgx.BeginFunc(t.Context(), a.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "lock table audit_log in access exclusive mode"); err != nil {
			return err
		}
		go func() {
			answers <- a.Post(a.Viewer, object{"query": "{a:auditLog(first:1){pageInfo{hasNextPage}} b:auditLog(first:2){pageInfo{hasNextPage}} c:alerts(first:1){pageInfo{hasNextPage}}}"})
		}()
		for began, number := time.Now(), 0; number == 0; { // until one waits
			if time.Since(began) > 4*time.Second {
				return errors.New("nobody waits in the database")
			}
			if err := tx.QueryRow(t.Context(), waitingForAuditLog).Scan(&number); err != nil {
				return err
			}
			if number > 1 {
				t.Errorf("%d statements wait", number)
			}
		}
		select {
		case early := <-answers:
			t.Errorf("answered %+v", early)
		default:
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if result := <-answers; len(result.Errors) != 0 {
		t.Errorf("answered %+v", result.Errors)
	}
}
