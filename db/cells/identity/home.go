package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/session"
)

// knowledge is what home knows, at one moment.
type knowledge struct {
	identity *db.CellIdentity // nil: it has no cells
	cells    map[string]*db.Cell
	moving   map[string]bool // cells from or to which moves are not counted yet at home
}

// readHome reads it in one snapshot.
func readHome(ctx context.Context, pool *pgxpool.Pool) (k knowledge, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	k = knowledge{cells: map[string]*db.Cell{}, moving: map[string]bool{}}
	err = pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if k.identity, err = findIdentity(ctx, tx); err != nil {
			return err
		}
		known, err := db.New().ListCells(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range known {
			k.cells[c.Name] = c
		}
		moves, err := db.New().CountMoving(ctx, tx)
		if err != nil {
			return err
		}
		for _, m := range moves {
			k.moving[m.Cell] = true
		}
		return nil
	})
	return k, err
}

// readIdentity returns a database's identity; the zero value if it has none.
func readIdentity(ctx context.Context, pool *pgxpool.Pool) (*db.CellIdentity, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	found, err := findIdentity(ctx, pool)
	if found == nil && err == nil {
		found = &db.CellIdentity{}
	}
	return found, err
}

// findIdentity returns nil for a database that has none.
func findIdentity(ctx context.Context, database db.DBTX) (*db.CellIdentity, error) {
	found, err := db.New().FindIdentity(ctx, database)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // it is no error
	}
	return found, err
}

// of returns an identity in the form in which connections find it.
func of(stored *db.CellIdentity) session.Identity {
	return session.Identity{Name: stored.Name, Installation: stored.Installation, Incarnation: stored.Incarnation, Moves: stored.Moves}
}

// verdict returns what connections to a cell must find, and why the cell is refused whatever they find.
func (k knowledge) verdict(name string) verdict {
	cell := k.cells[name]
	switch {
	case name == cells.Home && k.identity != nil:
		return verdict{expected: of(k.identity)}
	case name == cells.Home:
		return verdict{}
	case k.identity == nil || cell == nil:
		return verdict{refused: unfit("home does not know the cell %s: run bursar cells add %[1]s, or take it out of BURSAR_CELLS", name)}
	}
	v := verdict{expected: session.Identity{Name: name, Installation: k.identity.Installation, Incarnation: cell.Incarnation, Moves: cell.Moves}}
	if cell.State == db.CellStateCLOSED {
		v.refused = unfit("the cell %s is closed: run bursar cells open %[1]s", name)
	}
	return v
}

// judge says what is wrong with what a cell says of itself, by what home knew before.
func (k knowledge) judge(name string, found *db.CellIdentity) error {
	v := k.verdict(name)
	if v.isRefused() { // it was added or closed in between: the next check says more
		return nil
	}
	return Compare(name, v.expected, of(found))
}

// outdated says why home is refused: it is from an earlier time, or was replaced by another one. The identities are those of the named cells; nil: silent.
func (k knowledge) outdated(names []string, found []*db.CellIdentity) error {
	for i, cell := range found {
		if cell == nil || k.identity == nil || cell.Installation != k.identity.Installation || k.cells[names[i]] == nil {
			continue
		}
		known := k.cells[names[i]]
		switch {
		case cell.Home != nil && k.identity.Home != nil && bytes.Compare(cell.Home[:], k.identity.Home[:]) > 0:
			return unfit("the database in DATABASE_URL was home before another one, which the cell %s knows: name that one in DATABASE_URL, "+
				"or run bursar cells open home to put this one into service", names[i])
		case cell.Moves > known.Moves && !k.moving[names[i]]:
			return unfit("home is from an earlier time than the cell %s, as after a restore (it knows %d of %d organizations that came or went there): "+
				"run bursar cells open home", names[i], known.Moves, cell.Moves)
		}
	}
	return nil
}

func unfit(format string, arguments ...any) error {
	return &session.UnfitError{Reason: fmt.Sprintf(format, arguments...)}
}

// Compare says what is wrong with the identity that was found where a cell was expected.
func Compare(name string, expected, found session.Identity) error {
	switch {
	case found.Name == "":
		return unfit("the database of the cell %s says of itself no cell at all: BURSAR_CELLS names another database, or it was made anew; name the one "+
			"that bursar cells add has made the cell %[1]s, or restore that", name)
	case found.Installation != expected.Installation:
		return unfit("the database of the cell %s belongs to another installation, as its cell %s: name the one of this installation in %s", name, found.Name,
			variable(name))
	case found.Name != name:
		return unfit("the database of the cell %s is the cell %s: the URLs are swapped; correct BURSAR_CELLS and DATABASE_URL", name, found.Name)
	case found.Incarnation != expected.Incarnation:
		return unfit("the database of the cell %s is not the one that is in service, but one that was replaced, or that is to replace it: name the one in "+
			"service in %s, or run bursar cells open %[1]s to put this one into service", name, variable(name))
	case found.Moves < expected.Moves:
		return unfit("the cell %s is from an earlier time than home, as after a restore (it knows %d of %d organizations that came or went): "+
			"run bursar cells open %[1]s", name, found.Moves, expected.Moves)
	}
	return nil
}

func variable(name string) string {
	if name == cells.Home {
		return "DATABASE_URL"
	}
	return "BURSAR_CELLS"
}

// IsOlder tells whether home could not be asked because it has no schema, or one without cells.
func IsOlder(err error) bool {
	server, answered := errors.AsType[*pgconn.PgError](err)
	return answered && server.Code == pgerrcode.UndefinedTable
}
