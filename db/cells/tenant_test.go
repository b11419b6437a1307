package cells_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/cellstest"
	"bursar/db/dbtest"
	"bursar/fault"
	"bursar/id"
)

// within returns the test's context with an end.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// actor is a tenant's owner.
func actor(tenant *dbtest.Tenant) db.Actor {
	return db.Actor{Name: id.Member.Format(tenant.Owner.ID), MemberID: &tenant.Owner.ID, Action: "rename"}
}

// rename changes the name of a tenant's organization, as a mutation does, and returns how often the change was run.
func rename(ctx context.Context, on *db.TenantDB, tenant *dbtest.Tenant, name string) (runs int, err error) {
	err = on.InTx(ctx, &tenant.Organization.ID, actor(tenant), func(tx pgx.Tx) error {
		runs++
		_, err := tx.Exec(ctx, `update organizations set name = $1`, name)
		return err
	})
	return runs, err
}

// Guarantee: whatever a server reads and changes of an organization that was moved, which it has not heard, is read and changed where the organization is,
// also where no statement would be refused: rows that stay behind are never answered.
func TestStatementsGoWhereTheOrganizationIs(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(i *cellstest.Installation, organizationID uuid.UUID){
		"and rows stay behind": func(i *cellstest.Installation, organizationID uuid.UUID) { i.Move(organizationID, i.Home, i.Others[0]) },
		"and nothing stays behind": func(i *cellstest.Installation, organizationID uuid.UUID) {
			i.Move(organizationID, i.Home, i.Others[0])
			i.Forget(organizationID, i.Home)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := within(t, promptly)
			i := cellstest.New(t, server, "eu")
			eu := i.Others[0]
			for what, statement := range map[string]func(on *db.TenantDB, tenant *dbtest.Tenant) (string, error){
				"a row": func(on *db.TenantDB, tenant *dbtest.Tenant) (name string, err error) {
					err = on.For(&tenant.Organization.ID).QueryRow(ctx, `select name from organizations`).Scan(&name)
					return name, err
				},
				"a row of a serialized operation": func(on *db.TenantDB, tenant *dbtest.Tenant) (name string, err error) {
					err = on.For(&tenant.Organization.ID).QueryRow(db.Serialize(ctx), `select name from organizations`).Scan(&name)
					return name, err
				},
				"rows": func(on *db.TenantDB, tenant *dbtest.Tenant) (string, error) {
					rows, err := on.For(&tenant.Organization.ID).Query(ctx, `select name from organizations union all select 'two'`)
					if err != nil {
						return "", err
					}
					names, err := pgx.CollectRows(rows, pgx.RowTo[string])
					if !slices.Contains(names, "two") || len(names) != 2 {
						t.Errorf("%s: %q", name, names)
					}
					return names[0], err
				},
				"a statement": func(on *db.TenantDB, tenant *dbtest.Tenant) (string, error) {
					tag, err := on.For(&tenant.Organization.ID).Exec(ctx, `update organizations set name = name || '!'`)
					if tag.RowsAffected() != 1 {
						t.Errorf("%s: %s", name, tag)
					}
					return query[string](t, eu.Owner, `select rtrim(name, '!') from organizations where id = $1`, tenant.Organization.ID), err
				},
				"a transaction": func(on *db.TenantDB, tenant *dbtest.Tenant) (string, error) {
					runs, err := rename(ctx, on, tenant, "there")
					if runs != 1 {
						t.Errorf("%s: the change was run %d times: it is not begun where nothing is decided", name, runs)
					}
					return query[string](t, eu.Owner, `select name from organizations where id = $1`, tenant.Organization.ID), err
				},
			} {
				tenant := i.Tenant(i.Home)
				on := db.NewRoutedDB(i.Set().Control())
				if err := on.For(&tenant.Organization.ID).QueryRow(ctx, `select`).Scan(); err != nil { // now it is remembered
					t.Fatal(err)
				}
				move(i, tenant.Organization.ID)
				if _, err := eu.Owner.Exec(ctx, `update organizations set name = 'there' where id = $1`, tenant.Organization.ID); err != nil {
					t.Fatal(err)
				}
				if name, err := statement(on, tenant); name != "there" || err != nil {
					t.Errorf("%s: %q, %v", what, name, err)
				}
			}
		})
	}
}

// Guarantee: a transaction that is refused after it has begun leaves nothing behind, and is run again from its beginning where the organization is.
func TestTransactionsAreRunAgain(t *testing.T) {
	t.Parallel()
	ctx := within(t, promptly)
	i := cellstest.New(t, server, "eu")
	eu, tenant := i.Others[0], i.Tenant(i.Home)
	on, runs := db.NewRoutedDB(i.Set().Control()), 0
	err := on.InTx(ctx, &tenant.Organization.ID, actor(tenant), func(tx pgx.Tx) error {
		if runs++; runs == 1 {
			i.Leave(tenant.Organization.ID, i.Home)
			go i.Arrive(tenant.Organization.ID, i.Home, eu)
		}
		if _, err := tx.Exec(ctx, `insert into workspaces (organization_id, name, slug) values ($1, 'new', 'new')`, tenant.Organization.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update organizations set name = 'new'`)
		return err
	})
	if err != nil || runs != 2 {
		t.Fatalf("%d runs, %v", runs, err)
	}
	const made = `select count(*) from workspaces where slug = 'new'`
	if atHome, inEU := query[int](t, i.Home.Owner, made), query[int](t, eu.Owner, made); atHome != 0 || inEU != 1 {
		t.Errorf("%d workspaces at home, %d in the cell", atHome, inEU)
	}
}

// Guarantee: reads and changes wait while an organization is moved, and are UNAVAILABLE when their context ends before it has arrived.
func TestStatementsWaitWhileTheirOrganizationIsMoved(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	eu, tenant := i.Others[0], i.Tenant(i.Home)
	set := i.Set()
	on := db.NewRoutedDB(set.Control())
	i.Leave(tenant.Organization.ID, i.Home)
	var name string
	err := on.For(&tenant.Organization.ID).QueryRow(within(t, 200*time.Millisecond), `select name from organizations`).Scan(&name)
	if fault.CodeOf(db.Fault(err)) != fault.Unavailable {
		t.Errorf("a read that ends before: %q, %v", name, err)
	}
	if _, err := rename(within(t, 200*time.Millisecond), on, tenant, "new"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a change that ends before: %v", err)
	}
	waited := set.Counts().Moved
	read := make(chan error)
	go func() {
		read <- on.For(&tenant.Organization.ID).QueryRow(within(t, promptly), `select name from organizations`).Scan(&name)
	}()
	for set.Counts().Moved == waited {
		select {
		case err := <-read:
			t.Fatalf("the read has not waited: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	i.Arrive(tenant.Organization.ID, i.Home, eu)
	if err := <-read; err != nil || name != tenant.Organization.Name {
		t.Errorf("%q, %v", name, err)
	}
}

// Guarantee: an organization that no cell knows is NOT_FOUND, at once; while a cell does not answer it is UNAVAILABLE, and nothing is remembered of it.
func TestUnknownOrganizations(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	nobody := uuid.MustParse("00000000-0000-7000-8000-000000000001")
	set := i.Set()
	on := db.NewRoutedDB(set.Control())
	find := func(limit time.Duration) error {
		return db.Fault(on.For(&nobody).QueryRow(within(t, limit), `select`).Scan())
	}
	if err := find(promptly); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("known to nobody: %v", err)
	}
	i.Others[0].Line.Cut()
	if err := find(promptly); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("one cell has not answered: %v", err)
	}
	if known := set.Counts().Known; known != 0 {
		t.Errorf("%d calls were told what is remembered", known)
	}
}

// Guarantee: the operator reads and changes home, or the cell that is chosen.
func TestOperatorsStatementsGoWhereTheyAreSent(t *testing.T) {
	t.Parallel()
	ctx := within(t, promptly)
	i := cellstest.New(t, server, "eu")
	on := db.NewRoutedDB(i.Set().Control())
	for want, chosen := range map[string]context.Context{cells.Home: ctx, "eu": cells.Choose(ctx, "eu")} {
		var name string
		if err := on.For(nil).QueryRow(chosen, `select name from cell_identity`).Scan(&name); err != nil || name != want {
			t.Errorf("a statement: %q, %v, want %q", name, err, want)
		}
		err := on.InTx(chosen, nil, db.Actor{Name: "root"}, func(tx pgx.Tx) error {
			return tx.QueryRow(chosen, `select name from cell_identity`).Scan(&name)
		})
		if err != nil || name != want {
			t.Errorf("a transaction: %q, %v, want %q", name, err, want)
		}
	}
}

// Guarantee: what is asked of all cells is asked of each, of those that answer although others hang; and a statement that names no organization is an error.
func TestEverywhere(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu", "us")
	i.Others[0].Line.Silence()
	on := db.NewRoutedDB(i.Set().Control())
	answered := 0
	for n, err := range db.Everywhere(within(t, 2*time.Second), on, func(ctx context.Context, one *db.TenantDB) (n int, err error) {
		err = one.ForEmail("nobody@example.com").QueryRow(ctx, `select count(id) from members`).Scan(&n)
		return n, err
	}) {
		if answered++; n != 0 || answered <= 2 && err != nil || answered == 3 && fault.CodeOf(db.Fault(err)) != fault.Unavailable {
			t.Errorf("answer %d: %d, %v", answered, n, err)
		}
	}
	if answered != 3 {
		t.Errorf("%d answers", answered)
	}
	if err := on.ForEmail("nobody@example.com").QueryRow(t.Context(), `select`).Scan(); err == nil {
		t.Error("one database was asked for a person of any")
	}
}
