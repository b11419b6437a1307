package main

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// cellsFixture is an installation with two cells beside home, each with a tenant.
type cellsFixture struct {
	*testing.T
	environment variables
	home, eu    *dbtest.Tenant
	us          *pgxpool.Pool
	urls        [3]string
}

func newCells(t *testing.T) *cellsFixture {
	t.Helper()
	f := &cellsFixture{T: t, urls: [3]string{database.NewURL(t), database.NewURL(t), database.NewURL(t)}}
	euPool := database.Pool(t, f.urls[1])
	f.home, f.us = dbtest.NewTenant(t, database.Pool(t, f.urls[0])), database.Pool(t, f.urls[2])
	f.environment = variables{"DATABASE_URL": f.urls[0], "BURSAR_CELLS": "eu=" + f.urls[1] + ",us=" + f.urls[2]}
	f.wantPrinted("eu is a cell, open for organizations: give BURSAR_CELLS to all servers and workers\n", "cells", "add", "eu", "--region", "europe")
	f.wantPrinted("us is a cell, open for organizations: give BURSAR_CELLS to all servers and workers\n", "cells", "add", "us")
	f.eu = dbtest.NewTenant(t, euPool)
	execute(t, f.home.Pool, `insert into organization_cells (organization_id, slug, cell) values ($1, $2, 'eu')`, f.eu.Organization.ID, f.eu.Organization.Slug)
	return f
}

// run runs the program, and returns what it printed and its exit code.
func (f *cellsFixture) run(arguments ...string) (printed, said string, code int) {
	f.Helper()
	r := start(f.T, f.environment, arguments...)
	code = r.finish()
	return r.stdout.String(), r.stderr.String(), code
}

func (f *cellsFixture) wantPrinted(want string, arguments ...string) {
	f.Helper()
	if printed, said, code := f.run(arguments...); printed != want || code != exitDone {
		f.Fatalf("%v: exit code %d, printed %q, said %q; want %q", arguments, code, printed, said, want)
	}
}

// wantFailed fails the test unless the program exits with a code and says the words.
func (f *cellsFixture) wantFailed(want int, words string, arguments ...string) {
	f.Helper()
	if printed, said, code := f.run(arguments...); code != want || !strings.Contains(said, words) {
		f.Errorf("%v: exit code %d, printed %q, said %q; want %d and %q", arguments, code, printed, said, want, words)
	}
}

// Guarantee: bursar cells list shows each cell with its region, its state, what is in it and its schema; of one that cannot be asked it says why.
func TestCellsAreListed(t *testing.T) {
	t.Parallel()
	f := newCells(t)
	f.wantPrinted("us takes no new organizations\n", "cells", "full", "us")
	printed, _, code := f.run("cells", "list")
	lines := strings.Split(printed, "\n")
	if code != exitDone || len(lines) != 5 {
		t.Fatalf("exit code %d, printed %q", code, printed)
	}
	for i, want := range []string{"NAME REGION STATE ORGANIZATIONS SIZE", "home - OPEN 1", "eu europe OPEN 1", "us - FULL 0"} {
		if got := strings.Join(strings.Fields(lines[i]), " "); !strings.HasPrefix(got, want) {
			t.Errorf("line %d is %q, want %q", i, got, want)
		}
	}
	f.environment["BURSAR_CELLS"] = "eu=" + f.urls[2] + ",asia=" + database.NewURL(t)
	printed, _, code = f.run("cells", "list")
	if code != exitDone || !strings.Contains(printed, "is the cell us") || !strings.Contains(printed, "not named in BURSAR_CELLS") || !strings.Contains(printed, "not added") {
		t.Errorf("exit code %d, printed %q", code, printed)
	}
	f.wantFailed(exitFailed, "home has the directory", "cells", "close", "home")
	f.wantFailed(exitFailed, "does not know the cell", "cells", "close", "nowhere")
	f.wantFailed(exitFailed, "no cell nowhere in BURSAR_CELLS", "cells", "add", "nowhere")
}

// Guarantee: a closed cell is opened after its organizations were compared with the directory, if that is agreed to; it says so first.
func TestClosedCellIsOpened(t *testing.T) {
	t.Parallel()
	f := newCells(t)
	if printed, said, code := f.run("cells", "close", "eu"); code != exitDone || !strings.Contains(printed, "eu is closed") {
		t.Fatalf("exit code %d, printed %q, said %q", code, printed, said)
	}
	f.wantFailed(exitFailed, "nothing was changed", "cells", "open", "eu") // the test's input is empty
	printed, said, code := f.run("cells", "open", "eu", "--yes")
	if want := "the cell eu is closed: run bursar cells open eu\nthe directory and all cells agree about every organization\neu is open\n"; code != exitDone || printed != want {
		t.Errorf("exit code %d, printed %q, said %q", code, printed, said)
	}
	f.wantPrinted("eu is open\n", "cells", "open", "eu")
}

// Guarantee: migrate, verify, rollup rebuild and audit export go through home and all cells, and --cell names those that are meant; what is printed says the
// cell, entries of the audit log are merged, and one that cannot be looked at is told by the exit code, while the others are looked at.
func TestCommandsGoThroughCells(t *testing.T) {
	t.Parallel()
	f := newCells(t)
	if printed, said, code := f.run("migrate", "up"); code != exitDone || !inOrder(printed, "us: the schema is current", "eu: the schema is current", "home: the schema is current") {
		t.Errorf("migrate up: exit code %d, printed %q, said %q", code, printed, said)
	}
	if printed, _, code := f.run("migrate", "status", "--cell", "eu"); code != exitDone || !strings.HasPrefix(printed, "eu: migrations") || strings.Contains(printed, "home") {
		t.Errorf("migrate status: exit code %d, printed %q", code, printed)
	}
	if printed, said, code := f.run("verify"); code != exitDone || !inOrder(printed, "home: ", "eu: ", "us: ") {
		t.Errorf("verify: exit code %d, printed %q, said %q", code, printed, said)
	}
	f.wantPrinted("home: rebuilt "+f.home.Organization.ExternalID()+": 0 hours\neu: rebuilt "+f.eu.Organization.ExternalID()+": 0 hours\n", "rollup", "rebuild")
	f.wantPrinted("rebuilt "+f.eu.Organization.ExternalID()+": 0 hours\n", "rollup", "rebuild", "--organization", f.eu.Organization.Slug)
	f.wantFailed(exitMisused, "no organization", "rollup", "rebuild", "--organization", "nobody")
	f.wantFailed(exitMisused, "no cell \"asia\"", "verify", "--cell", "asia")

	all, _, code := f.run("audit", "export")
	if code != exitDone || !strings.Contains(all, f.home.Organization.ExternalID()) || !strings.Contains(all, f.eu.Organization.ExternalID()) {
		t.Errorf("audit export: exit code %d, printed %q", code, all)
	}
	ids := []string{}
	for line := range strings.Lines(all) {
		ids = append(ids, line[:len(`{"id":"aud_`)+32])
	}
	for i := range ids[1:] {
		if ids[i] >= ids[i+1] {
			t.Errorf("entry %s comes before %s", ids[i], ids[i+1])
		}
	}
	// an organization that has moved has its entries in both
	copyAudit(f)
	f.wantPrinted(all, "audit", "export")
	own, _, _ := f.run("audit", "export", "--organization", f.eu.Organization.ExternalID())
	if own == "" || strings.Contains(own, f.home.Organization.ExternalID()) {
		t.Errorf("audit export of an organization: %q", own)
	}

	f.environment["BURSAR_CELLS"] = "eu=postgres://nobody@127.0.0.1:1/none,us=" + f.urls[2]
	if printed, said, code := f.run("verify"); code != exitUnknown || !inOrder(printed, "home: ", "us: ") || !strings.Contains(said, "eu: ") {
		t.Errorf("verify without eu: exit code %d, printed %q, said %q", code, printed, said)
	}
	if printed, said, code := f.run("migrate", "up"); code != exitFailed || strings.Contains(printed, "home: ") || !strings.Contains(said, "left as it is") {
		t.Errorf("migrate up without eu: exit code %d, printed %q, said %q", code, printed, said)
	}
	f.environment["BURSAR_CELLS"] = "us=" + f.urls[1] + ",eu=" + f.urls[2]
	f.wantFailed(exitUnknown, "the URLs are swapped", "verify")
}

// inOrder tells whether a text has parts in an order.
func inOrder(text string, parts ...string) bool {
	for _, part := range parts {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return true
}

// copyAudit copies the audit log of eu's organization to us, as a move does.
func copyAudit(f *cellsFixture) {
	f.Helper()
	rows, err := f.eu.Pool.Query(f.Context(), `select to_jsonb(a)::text from audit_log a where a.organization_id = $1`, f.eu.Organization.ID)
	if err != nil {
		f.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			f.Fatal(err)
		}
		execute(f.T, f.us, `insert into audit_log select (jsonb_populate_record(null::audit_log, $1::jsonb)).*`, row)
	}
}
