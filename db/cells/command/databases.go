// Package command looks after the databases of an installation at a terminal: it goes through all of them, or does bursar cells.
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
)

// connections of a command to one database.
const connections = 4

// Databases are those of an installation with several cells.
type Databases struct {
	Home            string            // the URL of home
	Cells           map[string]string // the URLs of the other cells, by their names
	Only            []string          // the cells that the command is about; none: all
	ApplicationName string            // seen in pg_stat_activity
	Logger          *slog.Logger
}

// Check returns an error for a cell that is not named.
func (d *Databases) Check() error {
	for _, name := range d.Only {
		if name != cells.Home && d.Cells[name] == "" {
			return fmt.Errorf("--cell: there is no cell %q in BURSAR_CELLS (%s is the database in DATABASE_URL)", name, cells.Home)
		}
	}
	return nil
}

// names returns the cells that the command is about, home first.
func (d *Databases) names() (names []string) {
	for _, name := range append([]string{cells.Home}, slices.Sorted(maps.Keys(d.Cells))...) {
		if len(d.Only) == 0 || slices.Contains(d.Only, name) {
			names = append(names, name)
		}
	}
	return names
}

// Open returns pools on the databases that the command is about, home first, and what closes them. A database that is another than the cell is refused by
// its pool; which it should be is not known of all when home cannot be reached.
func (d *Databases) Open(ctx context.Context) (opened []identity.Database, stop func(), err error) {
	guard, err := identity.NewGuard(ctx, identity.Config{Home: d.Home, Cells: d.Cells, ApplicationName: d.ApplicationName, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, err
	}
	defer guard.Close()
	stop = func() {
		for _, each := range opened {
			each.Pool.Close()
		}
	}
	if err := guard.Check(ctx); err != nil && !identity.IsOlder(err) {
		d.Logger.WarnContext(ctx, "home cannot say which databases are its cells", "error", err)
	}
	for _, name := range d.names() {
		pool, err := db.NewPool(ctx, db.PoolConfig{URL: d.url(name), ApplicationName: d.ApplicationName, MaxConnections: connections, Cell: guard.Tool(name)})
		if err != nil {
			stop()
			return nil, nil, err
		}
		opened = append(opened, identity.Database{Name: name, Pool: pool})
	}
	return opened, stop, nil
}

func (d *Databases) url(name string) string {
	if name == cells.Home {
		return d.Home
	}
	return d.Cells[name]
}

// Each calls use for one database after the other, home first, whatever becomes of the others, and returns all errors.
func (d *Databases) Each(ctx context.Context, use func(name string, pool *pgxpool.Pool) error) error {
	return d.each(ctx, func(databases []identity.Database) (failed error) {
		for _, each := range databases {
			failed = errors.Join(failed, named(each.Name, use(each.Name, each.Pool)))
		}
		return failed
	})
}

// HomeLast is Each with home at the end, and only if nothing has failed before: for what servers need at home first and in the cells then.
func (d *Databases) HomeLast(ctx context.Context, use func(name string, pool *pgxpool.Pool) error) error {
	return d.each(ctx, func(databases []identity.Database) (failed error) {
		for _, each := range slices.Backward(databases) {
			switch {
			case each.Name == cells.Home && failed != nil:
				failed = errors.Join(failed, errors.New("home: left as it is, because of the above"))
			default:
				failed = errors.Join(failed, named(each.Name, use(each.Name, each.Pool)))
			}
		}
		return failed
	})
}

func (d *Databases) each(ctx context.Context, all func([]identity.Database) error) error {
	databases, stop, err := d.Open(ctx)
	if err != nil {
		return err
	}
	defer stop()
	return all(databases)
}

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Together calls use with all databases at once, or where look is not nil, with the one of the organization that look finds, see Find. require says whether a
// schema is fit.
func (d *Databases) Together(
	ctx context.Context, look func(*pgxpool.Pool) (*uuid.UUID, error), require func(*pgxpool.Pool) error, use func([]*pgxpool.Pool, *uuid.UUID) error,
) error {
	return d.each(ctx, func(databases []identity.Database) (err error) {
		var id *uuid.UUID
		if look != nil {
			var found identity.Database
			if found, id, err = Find(ctx, databases, look); err != nil {
				return err
			}
			databases = []identity.Database{found}
		}
		all := make([]*pgxpool.Pool, len(databases))
		for i, each := range databases {
			if err := require(each.Pool); err != nil {
				return named(each.Name, err)
			}
			all[i] = each.Pool
		}
		return use(all, id)
	})
}

// ErrNowhere is that no database has an organization.
var ErrNowhere = errors.New("there is no such organization")

// Find returns the database that decides for an organization, or if none does now, one that knows it, and its id. find looks into one, and returns nil if it
// does not know it. While one of them is silent, only one that decides is returned.
func Find(ctx context.Context, databases []identity.Database, find func(*pgxpool.Pool) (*uuid.UUID, error)) (identity.Database, *uuid.UUID, error) {
	var known *identity.Database
	var knownID *uuid.UUID
	var silent error
	for _, each := range databases {
		id, err := find(each.Pool)
		if err != nil {
			silent = errors.Join(silent, named(each.Name, err))
			continue
		}
		if id == nil {
			continue
		}
		residence, err := db.New().FindResidence(ctx, each.Pool, *id)
		if err == nil && residence == db.ResidenceHERE {
			return each, id, nil
		}
		silent = errors.Join(silent, named(each.Name, err))
		known, knownID = &each, id
	}
	if silent != nil || known == nil {
		return identity.Database{}, nil, orNowhere(silent)
	}
	return *known, knownID, nil
}

func orNowhere(silent error) error {
	if silent == nil || errors.Is(silent, pgx.ErrNoRows) {
		return ErrNowhere
	}
	return silent
}

// Prefix returns a writer that begins each line with a cell's name.
func Prefix(to io.Writer, name string) io.Writer {
	return &prefixed{to: to, prefix: name + ": ", begins: true}
}

type prefixed struct {
	to     io.Writer
	prefix string
	begins bool // whether the next byte is a line's first
}

// Write implements [io.Writer].
func (p *prefixed) Write(text []byte) (int, error) {
	var out []byte
	for line := range bytes.Lines(text) {
		if p.begins {
			out = append(out, p.prefix...)
		}
		out = append(out, line...)
		p.begins = line[len(line)-1] == '\n'
	}
	if _, err := p.to.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}
