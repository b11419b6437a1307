package bench

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: only an empty database is used, or one with Bursar's schema and no organization.
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

// Guarantee: the documented number of limits, which are never reached, applies to every key; keys have the numbered secrets that
// the load generator sends; foreign keys and triggers are as before; a second load is refused.
func TestLoad(t *testing.T) {
	t.Parallel()
	const keys = 30
	const objects = `select string_agg(o, ' ' order by o) from (
		select conrelid::regclass::text || conname || pg_get_constraintdef(oid) from pg_constraint
		union all select tgrelid::regclass::text || tgname || tgenabled::text from pg_trigger where not tgisinternal) s (o)`
	pool := database.New(t)
	var before, after string
	if err := pool.QueryRow(t.Context(), objects).Scan(&before); err != nil {
		t.Fatal(err)
	}
	for want, load := range map[int]func(context.Context, *pgxpool.Pool, int) (*Data, error){4: Load, 5: loadMany} {
		data, err := load(t.Context(), pool, keys)
		if err != nil || data.Keys != keys {
			t.Fatalf("%v, %+v", err, data)
		}
		for number := range keys {
			var limits int
			if err := pool.QueryRow(t.Context(), `
				select count(*) from api_key_secrets s
				join api_keys k on k.id = s.api_key_id
				join counters c on c.subject_id in (k.id, k.workspace_id, k.organization_id)
				where s.organization_id = $1 and s.secret_hash = $2 and k.created_at < c.period_end and c.used_units = 0`,
				data.OrganizationID, auth.Hash(string(data.appendSecret(nil, number))),
			).Scan(&limits); err != nil || limits != want {
				t.Errorf("%v: key %d has %d limits, want %d", err, number, limits, want)
			}
		}
	}
	if err := pool.QueryRow(t.Context(), objects+` where o not like 'bursar_bench%'`).Scan(&after); err != nil || after != before {
		t.Errorf("%v: constraints and triggers were\n%s\nand are\n%s", err, before, after)
	}
	if err := RefuseUsed(t.Context(), pool); !errors.Is(err, ErrInUse) {
		t.Errorf("a loaded database: %v", err)
	}
}

// Guarantee: a secret ends with its key's number, in as many digits as the database pads it to.
func TestSecretsAreCounted(t *testing.T) {
	t.Parallel()
	data := &Data{salt: "bsr_"}
	for number, want := range map[int]string{0: "bsr_00000000", 7: "bsr_00000007", 10: "bsr_00000010", maxKeys - 1: "bsr_09999999"} {
		if got := string(data.appendSecret(nil, number)); got != want || len(got) != len("bsr_")+secretDigits {
			t.Errorf("secret %d is %s, want %s", number, got, want)
		}
	}
}

// Guarantee: the loaded ledger has as many rows as it is told, in the order of their positions, rolled up; counters have it,
// and bursar verify finds no difference.
func TestLoadLedger(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 7)
	if err != nil {
		t.Fatal(err)
	}
	if err := LoadLedger(t.Context(), pool, data, 3000); err != nil {
		t.Fatal(err)
	}
	var rows, keys, requests, rolledUp int
	var disorder, used bool
	if err := pool.QueryRow(t.Context(), `
		select count(*), count(distinct api_key_id), (select count(*) from usage_event_requests),
			(select sum(requests)::integer from usage_days), bool_or(recorded_at < before),
			(select bool_and(used_units > 0) from counters where type = 'COST' and subject_type = 'API_KEY')
		from (select *, lag(recorded_at) over (order by position) as before from usage_events) e`,
	).Scan(&rows, &keys, &requests, &rolledUp, &disorder, &used); err != nil {
		t.Fatal(err)
	}
	if rows != 3000 || keys != 7 || requests != 3000*2/30 || rolledUp != 3000 || disorder || !used {
		t.Errorf("%d rows of %d keys, %d request ids, %d rolled up, disorder %v, counters %v", rows, keys, requests, rolledUp, disorder, used)
	}
	differences, err := db.New().FindLedgerDifferences(t.Context(), pool, data.OrganizationID)
	if err != nil || len(differences) != 0 {
		t.Errorf("%d differences, %v", len(differences), err)
	}
}

// Guarantee: a load that fails changes nothing.
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
