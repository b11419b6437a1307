package demo

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// The demo organization is complete: its keys, members and limits are there, and both tokens open it in their roles.
func TestCreateMakesEverything(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), server.New(t)
	d, err := Create(ctx, pool)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Created {
		t.Error("Created is false for a new organization")
	}
	for table, want := range map[string]int{
		"organizations": 1, "workspaces": 4, "members": 6, "api_keys": 21, "api_key_secrets": 21, "access_tokens": 2,
		"limits where kind = 'BUDGET'": 19, "limits where kind = 'RATE'": 7,
		"api_keys where workspace_id is null":                 3,
		"api_keys where not email_notifications":              1,
		"recipients where workspace_id is not null":           2,
		"audit_log where actor <> 'bursar dev'":               0,
		"audit_log where action <> 'createDemo'":              0,
		"api_keys where created_by_id is null":                0,
		"limits where kind = 'BUDGET' and alert_units = '{}'": 0,
		"recipients where api_key_id is not null":             3, "recipients": 5, "members where status = 'INVITED'": 1,
	} {
		if got := count(t, pool, table); got != want {
			t.Errorf("%s: %d rows, want %d", table, got, want)
		}
	}
	expectToken(t, pool, d, d.AdminToken, db.TokenRoleADMIN)
	expectToken(t, pool, d, d.GatewayToken, db.TokenRoleGATEWAY)
}

// A second call changes nothing and says that it did not.
func TestCreateOnce(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), server.New(t)
	first, err := Create(ctx, pool)
	if err != nil {
		t.Fatal(err)
	}
	rows := count(t, pool, "audit_log")
	second, err := Create(ctx, pool)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Demo{OrganizationID: first.OrganizationID}); !reflect.DeepEqual(*second, want) {
		t.Errorf("the second call returned %+v, want %+v", *second, want)
	}
	if got := count(t, pool, "audit_log"); got != rows {
		t.Errorf("the second call left %d audit rows, want %d", got, rows)
	}
}

// Of processes that start at the same time one makes the organization and the others find it.
func TestCreateRaces(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	var demos [4]*Demo
	var processes sync.WaitGroup
	for i := range demos {
		processes.Go(func() {
			var err error
			if demos[i], err = Create(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	processes.Wait()
	if t.Failed() {
		return
	}
	created := 0
	for _, d := range demos {
		if d.Created {
			created++
		}
		if d.OrganizationID != demos[0].OrganizationID {
			t.Errorf("two organizations, %s and %s", d.OrganizationID, demos[0].OrganizationID)
		}
	}
	if created != 1 || count(t, pool, "api_keys") != 21 {
		t.Errorf("%d processes made the organization, %d keys", created, count(t, pool, "api_keys"))
	}
}

// A database that cannot be reached is an error, not an organization.
func TestCreateWithoutDatabase(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := Create(ctx, pool); err == nil {
		t.Fatalf("Create returned %+v without a database", d)
	}
}

func expectToken(t *testing.T, pool *pgxpool.Pool, d *Demo, secret string, role db.TokenRole) {
	t.Helper()
	token, err := db.New().AuthenticateAccessToken(t.Context(), pool, auth.Hash(secret))
	if err != nil {
		t.Fatalf("the %s token: %v", role, err)
	}
	if got := id.Organization.Format(token.OrganizationID); got != d.OrganizationID || token.Role != string(role) {
		t.Errorf("the token has role %s in %s, want %s in %s", token.Role, got, role, d.OrganizationID)
	}
}

func count(t *testing.T, pool *pgxpool.Pool, table string) int {
	t.Helper()
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&rows); err != nil {
		t.Fatalf("count %s: %v", table, err)
	}
	return rows
}
