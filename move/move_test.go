package move

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
)

// everything gives the tenant rows of many tables.
func (f *fixture) everything() {
	f.T.Helper()
	f.load(dbtest.Large{Keys: 20, Events: 1200, Tail: 300, Month: month().AddDate(0, -1, 0)})
	f.budget(db.LimitPeriodMONTHLY, 1_000_000_000)
	f.budget(db.LimitPeriodNONE, 1_000_000_000)
	f.AccessToken(f.Organization.ID, db.TokenRoleADMIN)
	f.MemberIn(f.Organization.ID, "invited@"+f.Organization.Slug+".test", db.MemberStatusINVITED)
	former := f.MemberIn(f.Organization.ID, "former@"+f.Organization.Slug+".test", db.MemberStatusACTIVE)
	organization := f.Organization.ID
	for _, statement := range []string{
		`insert into webhooks (organization_id, name, url, format, events, secret)
			select $1, E'a\tname\nwith \\ and ''', 'https://example.com/', (enum_range(null::webhook_format))[1], '{EXHAUSTED}', sha256('x')`,
		`select test_webhook($1, id) from webhooks where organization_id = $1`,
		`insert into repricings (organization_id, from_time, to_time) values ($1, now() - interval '1 day', now())`,
		`insert into control_requests (organization_id, request_id, fingerprint, object_id) values ($1, 'request', '\x00', gen_random_uuid())`,
		`insert into suppressed_addresses (organization_id, address, reason) select $1, 'x@y.test', (enum_range(null::suppression_reason))[1]`,
		`insert into organization_quotas (organization_id, name, maximum) values ($1, 'API_KEYS', 5000)`,
		`insert into estimate_rules (organization_id, policy, percent) select $1, (enum_range(null::estimate_policy))[1], 50`,
		`insert into imported_objects (source, kind, external_id, organization_id, object_id) values ('litellm', 'API_KEY', 'x', $1, gen_random_uuid())`,
		`insert into dropped_usage_months (organization_id, month, requests, input_tokens, output_tokens, cached_input_tokens, cost_nanos)
			select $1, date_trunc('month', now() - interval '3 years', 'UTC'), 0, 0, 0, 0, 0`,
		`insert into gateway_outages (organization_id, began_at, ended_at, calls, cost_nanos, keys) values ($1, now() - interval '1 minute', now(), 1, 1, '[]')`,
	} {
		exec(f.T, f.Pool, statement, organization)
	}
	exec(f.T, f.Pool, `delete from members where id = $1`, former.ID)
	exec(f.T, f.Pool, `insert into recipients (organization_id, api_key_id, email) values ($1, $2, 'Somebody@X.test')`, organization, f.Key.ID)
	f.traffic(f.Pool, "before", 6)
}

// Guarantee: every table whose rows name an organization moves, or says why not; and each that moves has a key.
func TestEveryTableMoves(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	tables, err := tablesOf(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	moves := map[string]bool{}
	for _, table := range tables {
		moves[table.Name] = true
	}
	all := value[[]string](t, pool, `select array_agg(c.relname::text) from pg_class c
		join pg_attribute a on a.attrelid = c.oid and not a.attisdropped and (a.attname = 'organization_id' or c.relname = 'organizations' and a.attname = 'id')
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and not exists (select from pg_constraint k where k.conrelid = c.oid and k.conname = c.relname || '_shape_check')`)
	for _, name := range all {
		if moves[name] == (stays()[name] != "") {
			t.Errorf("%s moves: %t, and why it does not: %q", name, moves[name], stays()[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(stays())) {
		if !slices.Contains(all, name) {
			t.Errorf("there is no table %s", name)
		}
	}
	equal(t, "tables that move", len(tables), len(all)-len(stays()))
}

// Guarantee: after a move each table has the same rows in the other database, both databases' books are right, before and after more traffic and
// roll-ups, and the audit log of each says who moved it from where to where.
func TestRowsAreTheSame(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.everything()
	neighbour := dbtest.NewTenant(t, f.eu)
	before := f.rows(f.Pool)
	m := f.move("eu")
	equal(t, "who decides", f.residences(), "LEFT HERE")
	if tables := f.same("the target", f.rows(f.eu), before); tables < 33 {
		t.Errorf("only %d tables have rows", tables)
	}
	f.same("the source", f.rows(f.Pool), before)
	f.verified()

	const entries = `select string_agg(concat_ws(' ', actor, after ->> 'residence', reason), ', ' order by id) from audit_log where organization_id = $1 and action = 'moveOrganization'`
	equal(t, "the audit log of the source", value[string](t, f.Pool, entries, f.Organization.ID),
		"bursar move LEAVING from home to eu, bursar move LEFT from home to eu")
	equal(t, "the audit log of the target", value[string](t, f.eu, entries, f.Organization.ID),
		"bursar move LEAVING from home to eu, bursar move HERE from home to eu")
	equal(t, "the directory", value[string](t, f.Pool, `select concat_ws(' ', cell, moving_to) from organization_cells where organization_id = $1`, f.Organization.ID), "eu")
	const counted = `select string_agg(name || ' ' || moves, ', ' order by name) from cells`
	equal(t, "moves at home", value[string](t, f.Pool, counted), "eu 1, home 1")
	equal(t, "moves of home", value[int](t, f.Pool, `select moves from cell_identity`), 1)
	equal(t, "moves of eu", value[int](t, f.eu, `select moves from cell_identity`), 1)
	equal(t, "the move", value[string](t, f.Pool, `select concat_ws(' ', state, standstill > '0' and standstill < '30s', ledger_position) from organization_moves`),
		fmt.Sprintf("DONE t %d", m.position))
	equal(t, "the neighbour", value[string](t, f.eu, `select residence::text from organizations where id = $1`, neighbour.Organization.ID), "HERE")

	f.traffic(f.eu, "after", 6)
	equal(t, "rows that are never rolled up", f.unrolled(f.eu), 0)
	f.verified()
	exec(t, f.eu, `select rebuild_rollups($1)`, f.Organization.ID)
	f.verified()
}

// Guarantee: an organization moves back to where it was before, whatever rows it had there, and there and back again.
func TestMovesBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.everything()
	for i, to := range []string{"eu", "home", "eu"} {
		f.move(to)
		pool, left := f.eu, f.Pool
		if to == "home" {
			pool, left = f.Pool, f.eu
		}
		f.same("there", f.rows(pool), f.rows(left))
		f.traffic(pool, fmt.Sprint("on", i), 4)
		exec(t, pool, `delete from recipients where organization_id = $1`, f.Organization.ID)
		exec(t, pool, `update api_keys set name = name || '!' where organization_id = $1`, f.Organization.ID)
		equal(t, "rows that are never rolled up", f.unrolled(pool), 0)
		f.verified()
	}
	equal(t, "moves at home", value[string](t, f.Pool, `select string_agg(name || ' ' || moves, ', ' order by name) from cells`), "eu 3, home 3")
}

// Guarantee: whenever a move ends before its end, one database decides or none, and the same command again ends it with the same rows; before the target decides it
// may be aborted instead, after which the source goes on and the target has nothing but a row that says so.
func TestMovesAreResumed(t *testing.T) {
	t.Parallel()
	home, eu := server.New(t), server.New(t)
	first := newFixtureIn(t, home, eu)
	for i, c := range []struct {
		at   step
		left string // who decides then
	}{
		{stepBegun, "HERE -"}, {stepArriving, "HERE ARRIVING"}, {stepEmptied, "HERE ARRIVING"}, {stepCopied, "HERE ARRIVING"}, {stepLeaving, "LEAVING ARRIVING"},
		{stepWritten, "LEAVING ARRIVING"}, {stepDecided, "LEAVING HERE"}, {stepDirected, "LEAVING HERE"}, {stepLeft, "LEFT HERE"}, {stepCountedAt, "LEFT HERE"},
	} {
		f := &fixture{Tenant: dbtest.NewTenant(t, home), cells: first.cells, eu: eu}
		f.budget(db.LimitPeriodMONTHLY, 1000)
		f.traffic(home, "before", 4)
		before := f.rows(home)
		f.ends(crash(f.begin("eu"), c.at))
		equal(t, "who decides after "+string(c.at), f.residences(), c.left)
		if !f.begin("eu").Resumes() {
			t.Errorf("after %s it begins anew", c.at)
		}

		decided := strings.HasSuffix(c.left, " HERE")
		err := f.begin("eu").Abort(t.Context())
		if _, is := errors.AsType[*RefusedError](err); is != decided || err != nil != decided {
			t.Errorf("after %s the abort ended with %v", c.at, err)
		}
		if !decided {
			f.same("aborted after "+string(c.at), f.rows(home), before)
			if there := value[bool](t, eu, `select exists (select from members where organization_id = $1)`, f.Organization.ID); there {
				t.Errorf("rows are left in the target")
			}
			f.traffic(home, "aborted", 2)
			before = f.rows(home)
			f.ends(crash(f.begin("eu"), c.at))
		}
		f.move("eu")
		equal(t, "who decides in the end", f.residences(), "LEFT HERE")
		f.same("after "+string(c.at), f.rows(eu), before)
		equal(t, "moves at home", value[string](t, home, `select string_agg(name || ' ' || moves, ', ' order by name) from cells`), fmt.Sprintf("eu %[1]d, home %[1]d", i+1))
		f.traffic(eu, "after", 2)
		equal(t, "rows that are never rolled up", f.unrolled(eu), 0)
	}
	first.verified()
}

// Guarantee: while an organization is moved, another move of it is refused; and so is one to elsewhere.
func TestOneMoveAtATime(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, second := f.begin("eu"), f.begin("eu")
	first.after = func(s step) error {
		if s == stepCopied {
			if err := second.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "another bursar move has") {
				t.Errorf("the second move ended with %v", err)
			}
		}
		return nil
	}
	if err := first.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := second.Run(t.Context()); err == nil { // begun before the first, and not known to it
		t.Error("the second move went on")
	}
	equal(t, "who decides", f.residences(), "LEFT HERE")
}

// Guarantee: an organization that has stood still for as long as it may is where it was, and goes on there; the next attempt moves it.
func TestStandstillIsBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.budget(db.LimitPeriodMONTHLY, 1000)
	m := f.begin("eu")
	m.Standstill = 300 * time.Millisecond
	blocking, err := f.eu.Begin(t.Context()) // as a slow target would
	if err != nil {
		t.Fatal(err)
	}
	m.after = func(s step) error {
		if s == stepLeaving {
			_, err = blocking.Exec(context.Background(), `lock table audit_log in access exclusive mode`) // which has the entry that it leaves
		}
		return err
	}
	if err := m.Run(t.Context()); !errors.Is(err, ErrStandstill) {
		t.Fatalf("it ended with %v", err)
	}
	equal(t, "who decides", f.residences(), "HERE ARRIVING")
	f.traffic(f.Pool, "meanwhile", 2)
	if err := blocking.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.move("eu")
	equal(t, "who decides", f.residences(), "LEFT HERE")
	f.verified()
}
