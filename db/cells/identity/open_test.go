package identity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/db/cells"
	"bursar/db/cells/identity"
)

const (
	directory  = `select string_agg(slug || ' ' || cell, ', ' order by slug) from organization_cells`
	residences = `select string_agg(slug || ' ' || residence, ', ' order by slug) from organizations`
)

// databases returns the cells as bursar cells open has them.
func (i *installation) databases() (all []identity.Database) {
	for name, pool := range i.pools {
		all = append(all, identity.Database{Name: name, Pool: pool})
	}
	slices.SortFunc(all, func(a, b identity.Database) int {
		return strings.Compare(strings.Replace(a.Name, cells.Home, "", 1), strings.Replace(b.Name, cells.Home, "", 1))
	})
	return all
}

// open puts a cell into service, and returns what it said.
func (i *installation) open(name string) (said []string) {
	i.Helper()
	opening, err := identity.PlanOpening(i.Context(), i.databases(), name)
	if err != nil {
		i.Fatal(err)
	}
	for _, step := range opening.Steps {
		said = append(said, step.Slug+" "+step.Text)
	}
	if err := opening.Carry(i.Context()); err != nil {
		i.Fatal(err)
	}
	return said
}

// wantSaid fails the test unless each line has its words.
func (i *installation) wantSaid(said []string, words ...string) {
	i.Helper()
	if len(said) != len(words) {
		i.Fatalf("said %q, want %d lines", said, len(words))
	}
	for n, each := range words {
		for word := range strings.SplitSeq(each, "|") {
			if !strings.Contains(said[n], word) {
				i.Errorf("said %q, want %q in it", said[n], word)
			}
		}
	}
}

func (i *installation) wantText(name, query, want string) {
	i.Helper()
	if got := i.text(name, query); got != want {
		i.Errorf("in %s %q, want %q", name, got, want)
	}
}

// Guarantee: a cell that was restored to an earlier time decides for no organization that has moved away since; what came there since, or was made there, and is
// in no database any more is named with what helps; the rest is served again, and the database that was in service before is not.
func TestRestoredCellIsOpened(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us")
	i.add("eu", "us")
	i.organization("eu", "stayed")
	left := i.organization("eu", "left")
	came := i.organization("us", "came")
	restored := i.backup("eu")
	i.move(left, "eu", "us")
	i.move(came, "us", "eu")
	i.organization("eu", "young")
	before := *i
	before.urls = map[string]string{"home": i.urls["home"], "eu": i.urls["eu"], "us": i.urls["us"]}
	i.name("eu", restored)
	i.wantText("eu", residences, "left HERE, stayed HERE") // the danger
	running := i.guard()
	pool := i.guarded(running, "eu")
	i.wantUnfit(pool, "earlier time")

	said := i.open("eu")
	i.wantSaid(said, "came is in no cell|the directory says eu|the cell us has|'ARRIVING'", "left is in the cells|us decides|LEFT in [eu]",
		"young is in no database|restore a later backup|delete from organization_cells")
	i.wantText("eu", residences, "left LEFT, stayed HERE")
	i.wantText("us", residences, "came LEFT, left HERE")
	i.wantText(cells.Home, directory, "came eu, left us, stayed eu, young eu")
	i.check(running)
	i.wantAsked(pool)
	i.wantAsked(i.guarded(running, "us"))
	i.wantUnfit(before.guarded(running, "eu"), "not the one that is in service")
	for _, each := range []string{"eu", cells.Home} {
		if got := i.text(cells.Home, `select moves::text from cells where name = 'eu'`); got != i.text("eu", `select moves::text from cell_identity`) || got != "2" {
			t.Errorf("%s knows of %s moves", each, got)
		}
	}
	i.wantSaid(i.open("eu")) // it is in service: nothing to do
}

// Guarantee: after home was restored to an earlier time, its organizations that have moved away since are decided for where they are, the directory has what was made
// elsewhere since, and the home that was replaced is refused, should it come back.
func TestRestoredHomeIsOpened(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu")
	i.add("eu")
	moved := i.organization(cells.Home, "moved")
	i.organization(cells.Home, "stayed")
	restored := i.backup(cells.Home)
	i.move(moved, cells.Home, "eu")
	i.organization("eu", "young")
	old := i.urls[cells.Home]
	i.name(cells.Home, restored)
	i.wantText(cells.Home, residences, "moved HERE, stayed HERE") // the danger
	i.wantUnfit(i.guarded(i.guard(), cells.Home), "home is from an earlier time")

	i.wantSaid(i.open(cells.Home), "moved is in the cells|eu decides|LEFT in [home]", "young is in the cell eu, and the directory says nothing")
	i.wantText(cells.Home, residences, "moved LEFT, stayed HERE")
	i.wantText(cells.Home, directory, "moved eu, stayed home, young eu")
	g := i.guard()
	i.wantAsked(i.guarded(g, cells.Home))
	i.wantAsked(i.guarded(g, "eu"))
	i.name(cells.Home, old)
	i.wantUnfit(i.guarded(i.guard(), cells.Home), "was home before another one")
}

// Guarantee: an organization of which two databases say that they decide, and neither that it began later, is left to the operator, who is told what helps.
func TestEqualClaimsAreLeftToTheOperator(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us")
	i.add("eu", "us")
	id := i.organization("eu", "twice")
	i.replicated("us", `insert into organizations (id, name, slug, plan) values ($1, 'twice', 'twice', 'PRO')`, id)
	i.exec(cells.Home, `update cells set state = 'CLOSED' where name = 'eu'`)
	i.wantSaid(i.open("eu"), "none says that it began later|set_residence('"+id.String()+"'")
	i.wantText("eu", residences, "twice HERE")
	i.wantText("us", residences, "twice HERE")
}

// Guarantee: nothing is opened while a cell that may decide is silent or not named.
func TestOpeningAsksEveryCell(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "us")
	i.add("eu", "us")
	us := i.pools["us"]
	delete(i.pools, "us")
	_, err := identity.PlanOpening(t.Context(), i.databases(), "eu")
	if err == nil || !strings.Contains(err.Error(), "home knows the cell us") {
		t.Errorf("without us: error %v", err)
	}
	i.pools["us"] = us
	us.Close()
	_, err = identity.PlanOpening(t.Context(), i.databases(), "eu")
	if err == nil || !strings.Contains(err.Error(), "the cell us cannot be asked") {
		t.Errorf("us is closed: error %v", err)
	}
	if _, err = identity.PlanOpening(t.Context(), i.databases(), "asia"); err == nil || !strings.Contains(err.Error(), "no cell asia in BURSAR_CELLS") {
		t.Errorf("of an unknown one: error %v", err)
	}
}

// Guarantee: the first cell that is added has home enter all of its organizations in the directory, those that are made meanwhile as well.
func TestAddingEntersEveryOrganization(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu")
	i.organization(cells.Home, "before")
	began, err := i.pools[cells.Home].Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := began.Exec(t.Context(), `insert into organizations (name, slug, plan) values ('x', 'meanwhile', 'PRO')`); err != nil {
		t.Fatal(err)
	}
	added := make(chan error)
	go func() {
		_, err := identity.Add(t.Context(), i.pools[cells.Home], i.pools["eu"], "eu", new("europe"))
		added <- err
	}()
	i.await(`select exists (select from pg_locks l where l.relation = 'organizations'::regclass and l.mode = 'ShareRowExclusiveLock' and not l.granted)`)
	if err := began.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-added; err != nil {
		t.Fatal(err)
	}
	i.organization(cells.Home, "after")
	i.wantText(cells.Home, directory, "after home, before home, meanwhile home")
	i.wantText(cells.Home, `select string_agg(concat_ws(' ', name, region, state), ', ' order by name) from cells`, "eu europe OPEN, home OPEN")
	if already, err := identity.Add(t.Context(), i.pools[cells.Home], i.pools["eu"], "eu", nil); err != nil || !already {
		t.Errorf("again: already %t, error %v", already, err)
	}
}

// Guarantee: a database that has organizations, is home itself, is another cell or of another installation is not made a cell; one that an Add left half is.
func TestOnlyAnEmptyDatabaseIsAdded(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, "eu", "full", "asia")
	other := newInstallation(t, "eu")
	other.add("eu")
	i.add("eu")
	i.exec("full", `insert into organizations (name, slug, plan) values ('x', 'x', 'PRO')`)
	for name, each := range map[string]struct{ database, words string }{
		"a": {"full", "has organizations (1)"}, "b": {cells.Home, "is the cell home"}, "c": {"eu", "is the cell eu"},
	} {
		_, err := identity.Add(t.Context(), i.pools[cells.Home], i.pools[each.database], name, nil)
		if err == nil || !strings.Contains(err.Error(), each.words) {
			t.Errorf("add %s: error %v, want %q", each.database, err, each.words)
		}
	}
	if _, err := identity.Add(t.Context(), i.pools[cells.Home], other.pools["eu"], "d", nil); err == nil || !strings.Contains(err.Error(), "another installation") {
		t.Errorf("add a cell of another installation: error %v", err)
	}
	if _, err := identity.Add(t.Context(), i.pools["eu"], i.pools["asia"], "asia", nil); err == nil || !strings.Contains(err.Error(), "is the cell eu") {
		t.Errorf("add to a cell: error %v", err)
	}
	// as after an end between the two databases
	i.exec("asia", `insert into cell_identity (name, installation, incarnation) values ('asia', $1, $2)`, uuid.MustParse(i.text("home",
		`select installation::text from cell_identity`)), uuid.New())
	i.add("asia")
	i.wantAsked(i.guarded(i.guard(), "asia"))
}
