package bench

import (
	"errors"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: only a database without anybody's data is used: an empty one, or one with Bursar's schema and no organization.
func TestDatabasesInUseAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change string
		want   error
	}{
		"the schema alone":     {"select", nil},
		"nothing":              {"drop schema public cascade; create schema public", nil},
		"an organization":      {"insert into organizations (name, slug, plan) values ('Acme', 'acme', 'FREE')", ErrInUse},
		"another program":      {"drop schema public cascade; create schema public; create table accounts (id integer)", ErrInUse},
		"another organization": {"drop schema public cascade; create schema public; create table organizations (id integer)", ErrInUse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := database.New(t)
			if _, err := pool.Exec(t.Context(), test.change); err != nil {
				t.Fatal(err)
			}
			if err := RefuseUsed(t.Context(), pool); !errors.Is(err, test.want) {
				t.Errorf("want %v, got %v", test.want, err)
			}
		})
	}
}

// Guarantee: every key passes the four limits that the table speaks of, none of them tight, and the load is refused twice.
func TestLoad(t *testing.T) {
	t.Parallel()
	const keys = 30
	pool := database.New(t)
	data, err := Load(t.Context(), pool, keys)
	if err != nil || data.Keys != keys {
		t.Fatalf("%v, %d secrets", err, data.Keys)
	}
	var count, limits int
	err = pool.QueryRow(t.Context(), `
		select count(*), min((
			select count(*) from limits l
			where l.subject_id in (k.id, k.workspace_id, k.organization_id) and now() < l.period_end and l.used_units = 0
		)) from api_keys k join api_key_secrets s on s.api_key_id = k.id`).Scan(&count, &limits)
	if err != nil || count != keys || limits != 4 {
		t.Errorf("%v: %d keys with a secret, at least %d limits each", err, count, limits)
	}
	if err := RefuseUsed(t.Context(), pool); !errors.Is(err, ErrInUse) {
		t.Errorf("a loaded database: %v", err)
	}
}

// Guarantee: a tenant's data survives a benchmark that is pointed at it by mistake.
func TestLoadChangesNothingOnFailure(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	factory := &dbtest.Factory{T: t, Pool: pool}
	factory.Organization(db.PlanFREE)
	if _, err := pool.Exec(t.Context(), "update organizations set slug = 'benchmark'"); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), pool, 3); err == nil {
		t.Error("a second organization of the same name was loaded")
	}
	var keys int
	if err := pool.QueryRow(t.Context(), "select count(*) from api_keys").Scan(&keys); err != nil || keys != 0 {
		t.Errorf("%v, %d keys were left", err, keys)
	}
}
