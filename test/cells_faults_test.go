package test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bursar/auth"
	"bursar/db/dbtest"
)

// Guarantee: with one of two cells gone, home or the other one, each kind of request answers what docs/reliability.md says. Whatever is about the other cell's organizations
// alone is answered, and nothing is told to be wrong or not there that is in the cell that is gone. When the cell is back everything is answered, without repair.
func TestCellGone(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "has a database fail, and waits for what is answered meanwhile")
	for _, gone := range []string{"eu", "home"} {
		for name, hangs := range map[string]bool{"killed": false, "hanging": true} {
			t.Run(gone+" "+name, func(t *testing.T) {
				t.Parallel()
				if hangs && !atLength() {
					t.Skip("waits for many timeouts, and db/cells has a test of it: set BURSAR_TEST_FAULTS")
				}
				newGoneCell(t, gone, hangs).check()
			})
		}
	}
}

// check asks for everything, and prints how long each answer took.
func (g *goneCell) check() {
	gone, there := g.gone.cell, g.there.cell
	g.await(func() bool {
		_, body := g.get(g.url() + "/readyz")
		return strings.Contains(body, `"cell":"`+gone+`","ready":false`)
	})
	rename := func(n *tenant) string {
		return fmt.Sprintf(`mutation { updateOrganization(input: {id: %q, name: "renamed"}) { organization { name } } }`, n.organization)
	}
	work := func(n *tenant) string {
		return fmt.Sprintf(`mutation { createWorkspace(input: {organizationId: %q, name: "made"}) { workspace { name } } }`, n.organization)
	}
	create := func(slug, cell string) string {
		return fmt.Sprintf(`mutation { createOrganization(input: {name: "new", slug: %q, cell: %s}) { organization { cell } } }`, slug, cell)
	}
	const list, viewer = `{ organizations { totalCount } }`, `{ viewer { role } }`
	atHome := map[string]string{"home": "UNAVAILABLE", "eu": `"cell":"home"`}[gone] // what needs the directory
	for _, row := range []struct{ what, want, token, query, header string }{
		{"enforcement of its organizations", "UNAVAILABLE", g.gone.gateway, "", ""},
		{"enforcement of others", `"allowed":true`, g.there.gateway, "", ""},
		{"enforcement of others, a token's first", `"allowed":true`, g.tokens[g.there].fresh, "", ""},
		{"enforcement of its organizations, a token's first", "UNAVAILABLE", g.tokens[g.gone].fresh, "", ""},
		{"a token that nobody has", "UNAVAILABLE", auth.NewSecret(auth.AccessTokenPrefix).Text, viewer, ""},
		{"control plane of its organizations", "UNAVAILABLE", g.tokens[g.gone].admin, work(g.gone), ""},
		{"control plane of others", "made", g.tokens[g.there].admin, work(g.there), ""},
		{"sign-in by address alone", "UNAVAILABLE", g.tokens[g.there].owner, viewer, ""},
		{"sign-in by address and id", "OWNER", g.tokens[g.there].owner, viewer, "Bursar-Organization: " + g.there.organization},
		{"sign-in by address and slug", "OWNER", g.tokens[g.there].owner, viewer, "Bursar-Organization: " + g.there.slug},
		{"sign-in to its organizations", "UNAVAILABLE", g.tokens[g.gone].owner, viewer, "Bursar-Organization: " + g.gone.organization},
		{"operator, by the id of an organization of others", "renamed", rootToken, rename(g.there), ""},
		{"operator, by the id of one of its organizations", "UNAVAILABLE", rootToken, rename(g.gone), ""},
		{"operator's list of all", "UNAVAILABLE", rootToken, list, ""},
		{"operator's list of another cell", `"totalCount":1`, rootToken, list, "Bursar-Cell: " + there},
		{"createOrganization in another cell", atHome, rootToken, create("new-there", fmt.Sprintf("%q", there)), ""},
		{"createOrganization in it", "UNAVAILABLE", rootToken, create("new-gone", fmt.Sprintf("%q", gone)), ""},
		{"createOrganization, no cell named", atHome, rootToken, create("new", "null"), ""},
	} {
		began := time.Now()
		var answer string
		switch {
		case row.query != "":
			answer = g.ask(row.token, row.query, row.header)
		case row.token == g.gone.gateway, row.token == g.tokens[g.gone].fresh:
			answer = g.reserve(g.gone, row.token)
		default:
			answer = g.reserve(g.there, row.token)
		}
		took := time.Since(began)
		g.t.Logf("%s gone | %s | %s | %s", gone, row.what, rounded(took), answer)
		g.wants(row.what, answer, row.want)
	}
	g.checkProcesses()
	if g.stopped == nil {
		g.checkCommands()
	}
	g.back()
}

// checkProcesses looks at the probes and metrics, at a server that is started now, and at the workers.
func (g *goneCell) checkProcesses() {
	gone, there := g.gone.cell, g.there.cell
	status, ready := g.get(g.url() + "/readyz")
	g.wants("/readyz", fmt.Sprint(status, ready), `200{"ready":true,`)
	g.t.Logf("%s gone | /readyz | %d %s", gone, status, ready)
	status, metrics := g.get(g.url() + "/metrics")
	for cell, want := range map[string]bool{there: true, gone: false} {
		asked := strings.Contains(metrics, `bursar_rollup_lag_rows{cell="`+cell+`"}`)
		pools := strings.Contains(metrics, `bursar_database_pool_max_connections{cell="`+cell+`"`)
		if status != http.StatusOK || asked != want || !pools {
			g.t.Errorf("/metrics of %s: status %d, what is asked of the database: %t, what is known of it: %t", cell, status, asked, pools)
		}
	}

	another := run(g.t, append(serverEnvironment(g.home.databaseURL), g.environment[1]), "serve")
	status, ready = g.get(another.await(`"msg":"serving","url":"(http://[^"]+)"`) + "/readyz")
	want := map[string]int{"home": http.StatusServiceUnavailable, "eu": http.StatusOK}[gone] // what the cells are is known at home
	if g.t.Logf("%s gone | a server that starts | %d %s", gone, status, ready); status != want {
		g.t.Errorf("/readyz of a server that starts: %d %s, want %d", status, ready, want)
	}

	g.there.once(0, g.there.gateway, "ReserveUsage", object{"key": g.there.wide, "requestId": "expires", "ttlSeconds": 1})
	g.there.once(0, g.there.gateway, "RecordUsage", object{"key": g.there.wide, "requestId": "exhausts", "inputTokens": 100})
	dbtest.Await(g.t, postgres.Pool(g.t, g.there.databaseURL), `select status = 'EXPIRED' from reservations where request_id = 'expires'`)
	if gone != "home" { // where the throttle of mail is
		g.awaitMail()
	}
	g.await(func() bool { return !g.isReady(g.work, gone) })
	status, ready = g.get(g.work)
	if g.t.Logf("%s gone | /readyz of a worker | %d %s", gone, status, ready); status != http.StatusOK || !g.isReady(g.work, there) {
		g.t.Errorf("/readyz of a worker: %d %s", status, ready)
	}
	if mails := len(g.mail.Inboxes()); gone == "home" && mails > 0 {
		g.t.Errorf("%d addresses got mail without the throttle", mails)
	}
}

// awaitMail waits for the mail of the alert that the cell that is there has raised.
func (g *goneCell) awaitMail() {
	g.t.Helper()
	g.await(func() bool { return len(g.mail.Inbox("owner@"+g.there.slug+".test")) > 0 })
}

// checkCommands runs the commands that go through all cells.
func (g *goneCell) checkCommands() {
	gone, there := g.gone.cell, g.there.cell
	for _, c := range []struct {
		arguments string
		code      int
		want      string // a regular expression
	}{
		{"migrate up", 1, gone + ": "},
		{"verify", 3, `(?s)` + there + `: .*`},
		{"rollup rebuild", 1, there + `: rebuilt`},
		{"audit export", 1, ""},
		{"cells list", map[string]int{"home": 1, "eu": 0}[gone], gone},
		{"move " + g.gone.slug + " --yes --to " + there, 1, ""},
		{"move " + g.there.slug + " --yes --to " + gone, 1, ""},
	} {
		code, printed := run(g.t, g.environment, strings.Fields(c.arguments)...).finish()
		if g.t.Logf("%s gone | bursar %s | exits with %d: %s", gone, c.arguments, code, printed); code != c.code || !regexp.MustCompile(c.want).MatchString(printed) {
			g.t.Errorf("bursar %s exits with %d, want %d, and printed %s, want %s", c.arguments, code, c.code, printed, c.want)
		}
	}
}

// back has the cell come back: everything is answered, and the books are right.
func (g *goneCell) back() {
	if g.stopped == nil {
		g.databases[g.gone.cell].restart()
	}
	signal(g.t, g.stopped, syscall.SIGCONT)
	for _, n := range []*tenant{g.gone, g.there} {
		n.ask(0, n.gateway, "ReserveUsage", object{"key": n.wide, "requestId": "back"})
	}
	g.await(func() bool { return strings.Contains(g.ask(g.tokens[g.there].owner, `{ viewer { role } }`), "OWNER") })
	g.await(func() bool { return g.isReady(g.work, g.gone.cell) && g.isReady(g.url()+"/readyz", g.gone.cell) })
	g.awaitMail()
	verify(g.t, g.environment)
}
