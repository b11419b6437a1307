package cells_test

import (
	"sync"
	"testing"

	"bursar/db/cells"
	"bursar/db/cells/cellstest"
	"bursar/fault"
)

// Guarantee: all who want to know at once where an organization is ask once between them, and nobody asks for what is remembered. What the directory says is
// where to ask first: when it is wrong, or home is lost, the organization is found all the same.
func TestOrganizationsAreAskedForOnce(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(i *cellstest.Installation){
		"by the directory":      func(*cellstest.Installation) {},
		"without the directory": func(i *cellstest.Installation) { exec(t, i, `delete from organization_cells`) },
		"against the directory": func(i *cellstest.Installation) { exec(t, i, `update organization_cells set cell = 'us'`) },
		"although home is lost": func(i *cellstest.Installation) { i.Home.Line.Cut() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := cellstest.New(t, server, "eu", "us")
			tenant := i.Tenant(i.Others[0])
			change(i)
			set := i.Set()
			var asking sync.WaitGroup
			for range 64 {
				asking.Go(func() {
					if cell, err := set.Of(within(t, promptly), &tenant.Organization.ID); err != nil || cell.Name != "eu" {
						t.Errorf("%+v, %v", cell, err)
					}
				})
			}
			asking.Wait()
			// the directory, the cell that it names, and all cells
			if asked := set.Counts().Asked; asked > 5 {
				t.Errorf("%d questions", asked)
			}
			before := set.Counts()
			if _, err := set.Of(t.Context(), &tenant.Organization.ID); err != nil || set.Counts() != (cells.Counts{Known: before.Known + 1, Asked: before.Asked, Moved: before.Moved}) {
				t.Errorf("%v, %+v after %+v", err, set.Counts(), before)
			}
		})
	}
}

// Guarantee: an installation of one cell asks nothing, and tells of a move what it always did.
func TestOneCellAsksNothing(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server)
	tenant, set := i.Tenant(i.Home), i.Set()
	if cell, err := set.Of(t.Context(), &tenant.Organization.ID); err != nil || cell != set.Home() {
		t.Errorf("%+v, %v", cell, err)
	}
	if _, err := set.Moved(t.Context(), tenant.Organization.ID, set.Home()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	if set.Counts() != (cells.Counts{}) {
		t.Errorf("%+v", set.Counts())
	}
}

func exec(t *testing.T, i *cellstest.Installation, statement string) {
	t.Helper()
	if _, err := i.Home.Owner.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
