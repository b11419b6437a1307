package test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

// tenant makes a tenant with a TOKENS budget on its key, its workspace and its organization, and a gateway's token.
func tenant(t *testing.T, databaseURL string, amounts [3]int64) (*dbtest.Tenant, string) {
	t.Helper()
	made := dbtest.NewTenant(t, postgres.Pool(t, databaseURL))
	for i, subject := range []db.CreateLimitParams{{APIKeyID: &made.Key.ID}, {WorkspaceID: &made.Workspace.ID}, {}} {
		subject.OrganizationID, subject.Kind, subject.Type = made.Organization.ID, db.LimitKindBUDGET, db.LimitTypeTOKENS
		subject.Period, subject.MaxUnits, subject.AlertUnits = db.LimitPeriodNONE, amounts[i], []int64{}
		if _, err := db.New().CreateLimit(context.Background(), made.Pool, &subject); err != nil {
			t.Fatal(err)
		}
	}
	return made, made.AccessToken(made.Organization.ID, db.TokenRoleGATEWAY)
}

// 200 callers over two server processes against a budget of 1,000 with estimates of 7 are admitted exactly 142 times.
func TestTwoServerProcessesNeverOverspend(t *testing.T) {
	t.Parallel()
	databaseURL := postgres.NewURL(t)
	made, token := tenant(t, databaseURL, [3]int64{1000, 5000, 9000})
	var urls [2]string
	for i := range urls {
		_, urls[i] = serve(t, databaseURL)
	}
	var admitted atomic.Int64
	var callers sync.WaitGroup
	for i := range 200 {
		callers.Go(func() {
			for range 2 {
				result, err := post(t.Context(), urls[i%2], token, reserveQuery, map[string]any{"key": made.Secret.Text, "tokens": 7})
				if err != nil || len(result.Errors) > 0 {
					t.Errorf("%v %+v", err, result)
				} else if result.Data.ReserveUsage.Decision.Allowed {
					admitted.Add(1)
				}
			}
		})
	}
	callers.Wait()
	if admitted.Load() != 142 {
		t.Errorf("%d admitted, want 142", admitted.Load())
	}
	verify(t, []string{"DATABASE_URL=" + databaseURL})
}

// A server killed at any instant loses nothing that was answered and grants nothing that was not stored; whoever asks again
// with the same request id is counted once.
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	databaseURL := postgres.NewURL(t)
	made, token := tenant(t, databaseURL, [3]int64{1 << 40, 1 << 40, 1 << 40})
	const callers, requests = 20, 15
	var address atomic.Value
	var settled sync.Map // reservation id → nil, of reports that were answered
	var done sync.WaitGroup
	progress, stop := make(chan struct{}, callers*requests), make(chan struct{})

	server, url := serve(t, databaseURL)
	address.Store(url)
	for c := range callers {
		done.Go(func() {
			for n := range requests {
				id := fmt.Sprintf("request-%d-%d", c, n)
				reserved := retry(t, &address, token, reserveQuery, map[string]any{"key": made.Secret.Text, "request": id, "tokens": 10})
				reservation := reserved.Data.ReserveUsage.Reservation.ID
				retry(t, &address, token, recordQuery, map[string]any{"reservation": reservation, "request": id, "tokens": 9})
				settled.Store(reservation, nil)
				progress <- struct{}{}
			}
		})
	}
	go func() {
		done.Wait()
		close(stop)
	}()
	for range 3 {
		for range callers * requests / 5 {
			<-progress
		}
		server.kill()
		server, url = serve(t, databaseURL)
		address.Store(url)
	}
	<-stop

	var used string
	var events, held int
	err := made.Pool.QueryRow(t.Context(), `select (select sum(used_units)::text from limits),
		(select count(*) from usage_events), (select count(*) from reservations where status = 'HELD')`).Scan(&used, &events, &held)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint(3 * 9 * callers * requests); used != want || events != callers*requests || held != 0 {
		t.Errorf("used %s of three budgets in %d events with %d held; want %s in %d with none", used, events, held, want, callers*requests)
	}
	verify(t, []string{"DATABASE_URL=" + databaseURL})
}

// retry asks until it is answered, always with the same request id.
func retry(t *testing.T, address *atomic.Value, token, query string, variables map[string]any) *answer {
	for t.Context().Err() == nil {
		result, err := post(t.Context(), address.Load().(string), token, query, variables)
		if err != nil {
			continue // the server is gone; another comes
		}
		if len(result.Errors) == 0 {
			return result
		}
		if code := result.Errors[0].Extensions.Code; code != "UNAVAILABLE" {
			t.Errorf("%s", code)
			break
		}
	}
	return &answer{}
}
