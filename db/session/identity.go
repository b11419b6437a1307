package session

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"
)

// home is the name of the cell in DATABASE_URL, of cell_identity.
const home = "home"

// Identity says which cell a database is, as its table cell_identity does. The zero value: it is none.
type Identity struct {
	Name         string
	Installation uuid.UUID
	Incarnation  uuid.UUID
	Moves        int64
}

// Cell says whether a database is the one that is meant. Its methods are called concurrently and ask nobody.
type Cell interface {
	// Check says what is wrong with the identity that a connection has found: an [UnfitError], or an error that passes.
	Check(found Identity) error
	// Refused says why the cell may not be asked now, whatever its identity; nil: it may.
	Refused() error
}

// AnyCell is the [Cell] of connections that find out what a database is, or change that, whatever it is.
type AnyCell struct{}

// Check implements [Cell].
func (AnyCell) Check(Identity) error { return nil }

// Refused implements [Cell].
func (AnyCell) Refused() error { return nil }

// checkAlone is the check where no cells are named: the database must not be a part of an installation that another one is the home of.
func checkAlone(found Identity) error {
	if found.Name == "" || found.Name == home {
		return nil
	}
	return &UnfitError{fmt.Sprintf("the database in DATABASE_URL is the cell %s of an installation with several: name its home in DATABASE_URL, and "+
		"this one as %[1]s in BURSAR_CELLS", found.Name)}
}

// isUnreadable tells whether a database has no table cell_identity, because its schema is older, or the role may not read it.
func isUnreadable(err error) bool {
	server, answered := errors.AsType[*pgconn.PgError](err)
	return answered && (server.Code == pgerrcode.UndefinedTable || server.Code == pgerrcode.InsufficientPrivilege)
}

// identityOf reads the array that fit selects.
func identityOf(stored []string) (Identity, error) {
	if len(stored) == 0 {
		return Identity{}, nil
	}
	found := Identity{Name: stored[0]}
	var err error
	if found.Installation, err = uuid.Parse(stored[1]); err != nil {
		return found, err
	}
	if found.Incarnation, err = uuid.Parse(stored[2]); err != nil {
		return found, err
	}
	_, err = fmt.Sscan(stored[3], &found.Moves)
	return found, err
}
