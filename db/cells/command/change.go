package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
	"bursar/db/session"
	"bursar/sql"
	"bursar/terminal"
)

// Add makes a database that BURSAR_CELLS names a cell.
func (d *Databases) Add(ctx context.Context, name string, region *string, to io.Writer) error {
	if d.Cells[name] == "" {
		return unnamed(name)
	}
	d.Only = []string{cells.Home, name}
	databases, stop, err := d.openAny(ctx)
	if err != nil {
		return err
	}
	defer stop()
	already, err := identity.Add(ctx, databases[0].Pool, databases[1].Pool, name, region)
	if err != nil {
		return db.Fault(err)
	}
	said := "is a cell, open for organizations: give BURSAR_CELLS to all servers and workers"
	if already {
		said = "was a cell already"
	}
	_, err = fmt.Fprintf(to, "%s %s\n", name, said)
	return err
}

func unnamed(name string) error {
	return fmt.Errorf("there is no cell %s in BURSAR_CELLS (or --cells): name its database there, as %[1]s=postgres://user:password@host:port/database", name)
}

func requireSchema(ctx context.Context, database identity.Database) error {
	status, err := sql.StatusOf(ctx, database.Pool)
	if err == nil {
		err = status.Problem()
	}
	return named(database.Name, err)
}

// openAny is Open with pools that ask a database whatever it is, if it has this program's schema.
func (d *Databases) openAny(ctx context.Context) (opened []identity.Database, stop func(), err error) {
	stop = func() {
		for _, each := range opened {
			each.Pool.Close()
		}
	}
	for _, name := range d.names() {
		pool, err := db.NewPool(ctx, db.PoolConfig{URL: d.url(name), ApplicationName: d.ApplicationName, MaxConnections: connections, Cell: session.AnyCell{}})
		if err != nil {
			stop()
			return nil, nil, err
		}
		opened = append(opened, identity.Database{Name: name, Pool: pool})
	}
	for _, each := range opened {
		if err := requireSchema(ctx, each); err != nil {
			stop()
			return nil, nil, err
		}
	}
	return opened, stop, nil
}

// SetState makes a cell full or closed.
func (d *Databases) SetState(ctx context.Context, name string, state db.CellState, to io.Writer) error {
	if name == cells.Home && state == db.CellStateCLOSED {
		return errors.New("home has the directory and cannot be closed: make it full, or stop its PostgreSQL")
	}
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: d.Home, ApplicationName: d.ApplicationName, MaxConnections: connections})
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := requireCell(ctx, pool, name); err != nil {
		return err
	}
	if err := db.New().SetCellState(ctx, pool, &db.SetCellStateParams{Name: name, State: state}); err != nil {
		return db.Fault(err)
	}
	said := "takes no new organizations"
	if state == db.CellStateCLOSED {
		said = "is closed: servers and workers ask it no more within ten seconds, until bursar cells open " + name
	}
	_, err = fmt.Fprintf(to, "%s %s\n", name, said)
	return err
}

func requireCell(ctx context.Context, home *pgxpool.Pool, name string) error {
	known, err := db.New().ListCells(ctx, home)
	if err != nil {
		return db.Fault(err)
	}
	if !slices.ContainsFunc(known, func(c *db.Cell) bool { return c.Name == name }) {
		return fmt.Errorf("home does not know the cell %s: bursar cells list shows those that it knows", name)
	}
	return nil
}

// Terminal is where a command asks.
type Terminal struct {
	In  io.Reader
	Out io.Writer
	Yes bool // whether the answer is yes without asking
}

// OpenCell puts a cell into service again: it shows what has to be put right, and does it if that is agreed to.
func (d *Databases) OpenCell(ctx context.Context, name string, at Terminal) error {
	databases, stop, err := d.openAny(ctx)
	if err != nil {
		return err
	}
	defer stop()
	opening, err := identity.PlanOpening(ctx, databases, name)
	if err != nil {
		return err
	}
	if opening.Reason != "" {
		agreed, err := show(opening, name, at)
		if err != nil {
			return err
		}
		if !agreed {
			return errors.New("nothing was changed")
		}
	}
	if err := opening.Carry(ctx); err != nil {
		return err
	}
	d.Logger.InfoContext(ctx, "a cell was opened", slog.String("cell", name), slog.Int("organizations", len(opening.Steps)))
	_, err = fmt.Fprintf(at.Out, "%s is open\n", name)
	return err
}

// show prints the plan and asks.
func show(opening *identity.Opening, name string, at Terminal) (agreed bool, err error) {
	if _, err := fmt.Fprintln(at.Out, opening.Reason); err != nil {
		return false, err
	}
	for _, step := range opening.Steps {
		if _, err := fmt.Fprintf(at.Out, "%s %s\n", step.Slug, step.Text); err != nil {
			return false, err
		}
	}
	if len(opening.Steps) == 0 {
		if _, err := fmt.Fprintln(at.Out, "the directory and all cells agree about every organization"); err != nil {
			return false, err
		}
	}
	if at.Yes {
		return true, nil
	}
	return terminal.Ask(at.In, at.Out, "Put "+name+" into service")
}
