package api_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// UNAVAILABLE: the database cannot be reached; nothing is granted, and the message says that a retry is safe.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits for time-outs")
	pool, err := db.NewPool(context.Background(), db.PoolConfig{URL: "postgres://nobody@127.0.0.1:1/none"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	a := &graphtest.API{T: t, URL: kit.Start(t, pool), Pool: pool}
	key := object{"input": object{"key": "key_" + strings.Repeat("0", 32)}}
	tenant := dbtest.NewTenant(t, kit.New(t))
	admin := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
	for _, test := range []struct {
		token, operation string
		variables        object
	}{
		{graphtest.RootToken, "CheckUsage", key}, {graphtest.RootToken, "ReserveUsage", key}, {graphtest.RootToken, "RecordUsage", key},
		{admin, "Viewer", nil},
	} {
		t.Run(test.operation, func(t *testing.T) {
			t.Parallel()
			waiting := *a
			waiting.T = t
			waiting.Refused(test.token, test.operation, test.variables, "UNAVAILABLE", "")
		})
	}
}

// UNAVAILABLE: the database hangs, whether in telling whose a token is or in the operation; the change is not made later.
func TestHangingDatabase(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	server := api.New(api.Config{Pool: kit.ServerPool(t, a.Pool), RootToken: graphtest.RootToken, Timeout: 300 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	listener := httptest.NewServer(server)
	t.Cleanup(func() { listener.Close(); server.Close() })
	hurried := *a
	hurried.URL = listener.URL
	budget := object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 5}}
	for statement, operation := range map[string]string{
		"select from organizations for update": "CreateBudgetLimit",
		"lock table access_tokens":             "Viewer",
	} {
		tx, err := a.Pool.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
		variables := budget
		if operation == "Viewer" {
			variables = nil
		}
		hurried.Refused(a.Admin, operation, variables, "UNAVAILABLE", "")
		if err := tx.Rollback(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	a.Run(a.Viewer, "ApiKey", object{"id": a.KeyID()}).Equal([]any{}, "apiKey", "budgetLimits")
}

// INTERNAL: the cause is in the log under the request's id, never in the message.
func TestInternal(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if _, err := a.Pool.Exec(context.Background(), `
		create function broken() returns trigger language plpgsql as 'begin perform 1 / 0; return new; end';
		create trigger broken before insert on reservations for each row execute function broken()`); err != nil {
		t.Fatal(err)
	}
	result := a.Do(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
	result.Must("INTERNAL", "")
	if message := result.Errors[0].Message; message != "internal error" || result.Errors[0].Extensions.RequestID == "" {
		t.Fatalf("%+v", result.Errors[0])
	}
}
