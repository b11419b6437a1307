package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/audit"
	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: audit export writes every entry once, oldest first, as one JSON object a line with the names and the order that
// are documented; of one organization or of all, from an instant and before another; and nothing else on standard output.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	environment := variables{"DATABASE_URL": url}
	tenant, other := dbtest.NewTenant(t, pool), dbtest.NewTenant(t, pool)
	actor := db.Actor{Name: "root", Action: "updateOrganization", RequestID: "req-1", Reason: "a <b> & \u2028"}
	if err := db.InTx(t.Context(), pool, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `update organizations set name = 'Neu "Ü"' where id = $1`, tenant.Organization.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// more than two pages, of one millisecond in part
	execute(t, pool, `insert into organization_quotas (organization_id, name, maximum) values ($1, 'WORKSPACES', 3000)`, other.Organization.ID)
	execute(t, pool, `insert into workspaces (organization_id, name, slug) select $1, 'w' || n, 'w-' || n from generate_series(1, 2500) n`, other.Organization.ID)
	execute(t, pool, `delete from workspaces where id = $1 and not exists (select from api_keys k where k.workspace_id = $1)`, other.Workspace.ID)
	var all, own int
	if err := pool.QueryRow(t.Context(), `select count(*), count(*) filter (where organization_id = $1) from audit_log`, tenant.Organization.ID).
		Scan(&all, &own); err != nil {
		t.Fatal(err)
	}

	export := func(arguments ...string) (lines []audit.Line) {
		t.Helper()
		r := start(t, environment, append([]string{"audit", "export"}, arguments...)...)
		if code := r.finish(); code != exitDone || r.stderr.String() != "" {
			t.Fatalf("exit code %d, %s", code, r.stderr)
		}
		for line := range strings.Lines(r.stdout.String()) {
			var entry audit.Line
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				t.Fatal(err, line)
			}
			lines = append(lines, entry)
		}
		return lines
	}
	every := export()
	seen := map[string]bool{}
	for _, entry := range every {
		seen[entry.ID] = true
	}
	if len(every) != all || len(seen) != all {
		t.Errorf("%d lines of %d entries, want %d", len(every), len(seen), all)
	}
	if !slices.IsSortedFunc(every, func(a, b audit.Line) int { return a.At.Compare(b.At) }) {
		t.Error("the entries are not in the order of their times")
	}
	for _, named := range []string{tenant.Organization.Slug, tenant.Organization.ExternalID()} {
		if lines := export("--organization", named); len(lines) != own || lines[0].OrganizationID != tenant.Organization.ExternalID() {
			t.Errorf("%d lines of %s, want %d", len(lines), named, own)
		}
	}
	middle := every[len(every)/2].At
	before := export("--to", middle.Format(time.RFC3339Nano))
	from := export("--from", middle.Format(time.RFC3339Nano))
	if len(before)+len(from) != all || !before[len(before)-1].At.Before(middle) || from[0].At.Before(middle) {
		t.Errorf("%d entries before %s and %d from it, want %d together", len(before), middle, len(from), all)
	}
	if lines := export("--from", "2020-01-01", "--to", "2020-01-02"); len(lines) != 0 {
		t.Errorf("%d entries of long ago", len(lines))
	}

	r := start(t, environment, "audit", "export", "--organization", tenant.Organization.Slug)
	r.finish()
	line := strings.Split(strings.TrimSpace(r.stdout.String()), "\n")[own-1]
	position := -1
	for _, part := range []string{
		`{"id":"aud_`, `,"organizationId":"org_`, `,"at":"20`, `Z","actor":"root"`, `,"action":"updateOrganization"`, `,"targetId":"org_`, `,"before":{`, `"Acme"`,
		`,"after":{`, `Neu \"Ü\"`, `,"requestId":"req-1"`, `,"reason":"a \u003cb\u003e \u0026 \u2028"}`,
	} {
		next := strings.Index(line, part)
		if next < position {
			t.Errorf("%s is not where it belongs in %s", part, line)
		}
		position = next
	}
}

// Guarantee: an export that cannot be is refused in one line, as a mistake of the caller's where it is one.
func TestAuditExportRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	environment := variables{"DATABASE_URL": database.NewURL(t)}
	for arguments, want := range map[string]string{
		"--organization nobody":                               "--organization",
		"--organization org_00000000000000000000000000000000": "--organization",
		"--from yesterday":                                    "--from",
		"--to 2026-13-01":                                     "--to",
		"--from 2026-03-02 --to 2026-03-01":                   "--to",
		"--from 2026-03-02 --to 2026-03-02":                   "--to",
		"--database-url nonsense://x":                         "--database-url",
		"--organization a --organisation more":                "--organisation",
	} {
		wantOneLine(t, start(t, environment, append([]string{"audit", "export"}, strings.Fields(arguments)...)...), exitMisused, want)
	}
	gone := start(t, variables{"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "audit", "export")
	wantOneLine(t, gone, exitFailed, "127.0.0.1:1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stopped := Run(ctx, []string{"audit", "export"}, environment.lookup, newOutput(), newOutput())
	if stopped != exitFailed {
		t.Errorf("an export that was stopped: exit code %d", stopped)
	}
}
