package identity_test

import (
	"testing"

	"bursar/db"
	"bursar/db/cells"
)

// Guarantee: connections go to the cell that they are meant for alone: swapped URLs, a cell of another installation, a database that is no cell, one
// that home does not know, and a cell in place of home are refused with a sentence that says what to do.
func TestConnectionsGoToTheirCell(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us", "new")
	i.add("eu", "us")
	other := newInstallation(t, "eu")
	other.add("eu")

	g := i.guard()
	i.wantAsked(i.guarded(g, cells.Home))
	i.wantAsked(i.guarded(g, "eu"))
	i.wantAsked(i.guarded(g, "us"))
	i.wantUnfit(i.guarded(g, "new"), "bursar cells add new")

	swapped := &installation{t, map[string]string{"home": i.urls["home"], "eu": i.urls["us"], "us": i.urls["eu"]}, i.pools}
	g = swapped.guard()
	i.wantUnfit(swapped.guarded(g, "eu"), "the cell eu is the cell us", "swapped")
	i.wantUnfit(swapped.guarded(g, "us"), "the cell us is the cell eu", "swapped")
	i.wantAsked(swapped.guarded(g, cells.Home))

	foreign := &installation{t, map[string]string{"home": i.urls["home"], "eu": other.urls["eu"], "us": i.urls["new"]}, i.pools}
	g = foreign.guard()
	i.wantUnfit(foreign.guarded(g, "eu"), "another installation", "BURSAR_CELLS")
	i.wantUnfit(foreign.guarded(g, "us"), "no cell at all", "bursar cells add")

	alone, err := db.NewPool(t.Context(), db.PoolConfig{URL: i.urls["eu"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(alone.Close)
	i.wantUnfit(alone, "DATABASE_URL is the cell eu", "BURSAR_CELLS")
}

// Guarantee: a connection that was made while nothing was wrong is refused as soon as its cell is closed or was put into service anew, and a cell that is
// opened is asked again; the other cells notice nothing.
func TestClosedCellsAreNotAsked(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us")
	i.add("eu", "us")
	g := i.guard()
	eu, us := i.guarded(g, "eu"), i.guarded(g, "us")
	i.wantAsked(eu)
	i.exec(cells.Home, `update cells set state = 'CLOSED' where name = 'eu'`)
	i.wantAsked(eu)
	i.check(g)
	i.wantUnfit(eu, "the cell eu is closed", "bursar cells open eu")
	i.wantAsked(us)
	i.exec(cells.Home, `update cells set state = 'FULL' where name = 'eu'`)
	i.check(g)
	i.wantAsked(eu)
	i.exec(cells.Home, `update cells set incarnation = gen_random_uuid() where name = 'eu'`) // another database is in service
	i.check(g)
	i.wantUnfit(eu, "replaced", "bursar cells open eu")
	i.wantAsked(us)
}

// Guarantee: a cell that was restored to an earlier time is refused, by servers that run and by those that start, and so is home.
func TestRestoredDatabasesAreRefused(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us")
	i.add("eu", "us")
	moved := i.organization("eu", "moved")
	eu, home := i.backup("eu"), i.backup(cells.Home)
	i.move(moved, "eu", "us")

	running := i.guard()
	i.wantAsked(i.guarded(running, "eu"))
	restored := &installation{t, map[string]string{"home": i.urls["home"], "eu": eu, "us": i.urls["us"]}, i.pools}
	restored.wantUnfit(restored.guarded(running, "eu"), "earlier time", "bursar cells open eu") // before the next check
	g := restored.guard()
	restored.wantUnfit(restored.guarded(g, "eu"), "earlier time", "bursar cells open eu")
	restored.wantAsked(restored.guarded(g, "us"))
	restored.wantAsked(restored.guarded(g, cells.Home))

	before := &installation{t, map[string]string{"home": home, "eu": i.urls["eu"], "us": i.urls["us"]}, i.pools}
	g = before.guard()
	before.wantUnfit(before.guarded(g, cells.Home), "home is from an earlier time", "bursar cells open home")
	before.wantAsked(before.guarded(g, "us"))
}

// Guarantee: while a move is under way its cells have counted more than home, and nobody is refused for that.
func TestMovesUnderWayRefuseNobody(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu")
	i.add("eu")
	id := i.organization(cells.Home, "moving")
	i.exec(cells.Home, `insert into organization_moves (organization_id, source, target, moved_by) values ($1, 'home', 'eu', 'a test')`, id)
	i.exec("eu", `update cell_identity set moves = moves + 1`)
	g := i.guard()
	i.wantAsked(i.guarded(g, cells.Home))
	i.wantAsked(i.guarded(g, "eu"))
	i.exec(cells.Home, `update organization_moves set state = 'ABORTED'`)
	i.check(g)
	i.wantUnfit(i.guarded(g, cells.Home), "home is from an earlier time")
	i.wantAsked(i.guarded(g, "eu"))
}
