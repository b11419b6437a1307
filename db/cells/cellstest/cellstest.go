// Package cellstest makes installations of several cells for tests, on databases of one PostgreSQL, and moves organizations between them by plain SQL.
package cellstest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/dbtest"
	"bursar/db/session"
)

// Database is a cell of a test.
type Database struct {
	*cells.Cell
	Owner *pgxpool.Pool // without the line between server and database
	Line  *Line         // that the cell's own pools use
}

// Installation is several cells.
type Installation struct {
	t         testing.TB
	Home      *Database
	Others    []*Database
	databases map[*cells.Cell]*Database
}

// New makes home and cells of the given names, each with a database of its own.
func New(t testing.TB, server *dbtest.Server, names ...string) *Installation {
	t.Helper()
	i := &Installation{t: t, databases: map[*cells.Cell]*Database{}}
	installation := uuid.New()
	for _, name := range append([]string{cells.Home}, names...) {
		d := newDatabase(t, server, name)
		incarnation := installation
		if i.Home == nil {
			i.Home = d
		} else {
			i.Others = append(i.Others, d)
			incarnation = uuid.New()
		}
		i.databases[d.Cell] = d
		exec(t, d.Owner, `insert into cell_identity (name, installation, incarnation) values ($1, $2, $3)`, name, installation, incarnation)
		exec(t, i.Home.Owner, `insert into cells (name, incarnation) values ($1, $2)`, name, incarnation)
	}
	return i
}

func newDatabase(t testing.TB, server *dbtest.Server, name string) *Database {
	t.Helper()
	url := server.NewURL(t)
	d := &Database{Owner: server.Pool(t, url)}
	d.Line = newLine(t, d.Owner.Config().ConnConfig.Config)
	control, err := db.NewPool(context.Background(), db.PoolConfig{
		Cell: session.AnyCell{}, // named by the test
		URL:  d.Line.through(url), MaxConnections: 20, Role: db.ServerRole, AllowSuperuser: true, StopAbandoned: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(control.Close)
	enforcement, err := db.NewEnforcementPool(context.Background(), control, 20, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(enforcement.Close)
	t.Cleanup(d.Line.Cut) // before the pools wait for connections that nobody answers
	d.Cell = &cells.Cell{Name: name, Control: control, Enforcement: enforcement}
	return d
}

// Set returns a set of the cells as a server has it, which remembers nothing yet.
func (i *Installation) Set() *cells.Set {
	var others []*cells.Cell
	for _, d := range i.Others {
		copied := *d.Cell
		others = append(others, &copied)
	}
	home := *i.Home.Cell
	return cells.New(slog.New(slog.NewTextHandler(i.t.Output(), nil)), &home, others...)
}

// Tenant makes a tenant in a cell, and enters it in the directory.
func (i *Installation) Tenant(in *Database) *dbtest.Tenant {
	i.t.Helper()
	tenant := dbtest.NewTenant(i.t, in.Owner)
	if in != i.Home {
		exec(i.t, i.Home.Owner, `insert into organization_cells (organization_id, slug, cell) values ($1, $2, $3)`,
			tenant.Organization.ID, tenant.Organization.Slug, in.Name)
	}
	return tenant
}

// Leave has a cell refuse an organization, which is to be moved: Arrive ends that, or Return.
func (i *Installation) Leave(organizationID uuid.UUID, from *Database) {
	i.t.Helper()
	exec(i.t, from.Owner, `select set_residence($1, 'LEAVING')`, organizationID)
}

// Return has a cell decide again for an organization that was to leave it.
func (i *Installation) Return(organizationID uuid.UUID, to *Database) {
	i.t.Helper()
	exec(i.t, to.Owner, `select set_residence($1, 'HERE')`, organizationID)
}

// Arrive copies the rows of an organization that was to leave a cell to another one, which decides for it from then on. The directory is not told.
func (i *Installation) Arrive(organizationID uuid.UUID, from, to *Database) {
	i.t.Helper()
	err := pgx.BeginFunc(context.Background(), to.Owner, func(tx pgx.Tx) error { return copyRows(context.Background(), tx, from.Owner, organizationID) })
	if err != nil {
		i.t.Fatal(err)
	}
	exec(i.t, from.Owner, `select set_residence($1, 'LEFT')`, organizationID)
}

// Move is Leave and Arrive, and tells the directory.
func (i *Installation) Move(organizationID uuid.UUID, from, to *Database) {
	i.t.Helper()
	i.Leave(organizationID, from)
	i.Arrive(organizationID, from, to)
	exec(i.t, i.Home.Owner, `update organization_cells set cell = $2 where organization_id = $1`, organizationID, to.Name)
}

// Forget takes all rows of an organization that has left a cell.
func (i *Installation) Forget(organizationID uuid.UUID, in *Database) {
	i.t.Helper()
	err := pgx.BeginFunc(context.Background(), in.Owner, func(tx pgx.Tx) error {
		tables, err := beginCopy(context.Background(), tx)
		for _, t := range tables {
			if err == nil {
				_, err = tx.Exec(context.Background(), fmt.Sprintf(`delete from %s where %s = $1`, t.Name, t.Key), organizationID)
			}
		}
		return err
	})
	if err != nil {
		i.t.Fatal(err)
	}
}

// table is one with an organization in each row.
type table struct{ Name, Key, Columns string }

// beginCopy has no trigger fire and no foreign key be checked in a transaction, and returns the tables.
func beginCopy(ctx context.Context, tx pgx.Tx) ([]table, error) {
	if _, err := tx.Exec(ctx, `set local session_replication_role = replica`); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `
		select c.relname::text, k.attname::text,
			(select string_agg(quote_ident(a.attname), ', ') from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
		from pg_class c
		join pg_attribute k on k.attrelid = c.oid and k.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end and not k.attisdropped
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'organization_cells'`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[table])
}

// copyRows replaces the rows of an organization by those of another database, by each table's columns, and says that it is HERE.
func copyRows(ctx context.Context, tx pgx.Tx, from *pgxpool.Pool, organizationID uuid.UUID) error {
	tables, err := beginCopy(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		var content *string
		err := from.QueryRow(ctx, fmt.Sprintf(`select jsonb_agg(to_jsonb(t))::text from %s t where t.%s = $1`, t.Name, t.Key), organizationID).Scan(&content)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`delete from %s where %s = $1`, t.Name, t.Key), organizationID); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if content == nil {
			continue
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`insert into %[1]s (%[2]s) overriding system value select %[2]s from jsonb_populate_recordset(null::%[1]s, $1::jsonb)`,
			t.Name, t.Columns), *content)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	_, err = tx.Exec(ctx, `update organizations set residence = 'HERE', residence_generation = residence_generation + 1 where id = $1`, organizationID)
	return err
}

func exec(t testing.TB, pool *pgxpool.Pool, statement string, arguments ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), statement, arguments...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
