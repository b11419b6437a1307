package identity

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
)

const (
	directoryBatch = 10_000 // organizations that are entered in the directory, or read of it, in one statement
	// tableTimeout is how long the list of organizations is waited for at a time; who makes or changes one waits behind it for at most that long.
	tableTimeout = "100ms"
	tablePause   = 250 * time.Millisecond // between two attempts, at least
	tableLimit   = time.Minute            // of all attempts
)

// Add makes a database a cell of home's installation, open for organizations, and says whether it was one already. The first Add makes home a cell as well,
// and enters its organizations in the directory. Both databases must have this binary's schema. Repeated after a failure it goes on.
func Add(ctx context.Context, home, cell *pgxpool.Pool, name string, region *string) (already bool, err error) {
	if err := prepareHome(ctx, home); err != nil {
		return false, err
	}
	err = pgx.BeginFunc(ctx, home, func(tx pgx.Tx) error {
		own, err := db.New().LockIdentity(ctx, tx) // one cell is added at a time
		if err != nil {
			return err
		}
		known, err := readCells(ctx, tx)
		if err != nil {
			return err
		}
		stored, err := claim(ctx, cell, name, own, known[name])
		if err != nil {
			return err
		}
		if already = known[name] != nil; already {
			return compareRegion(known[name], region)
		}
		if err := db.New().CreateCell(ctx, tx, &db.CreateCellParams{Name: name, Region: region, Incarnation: stored.Incarnation, Moves: stored.Moves}); err != nil {
			return err
		}
		return db.New().SetCellState(ctx, tx, &db.SetCellStateParams{Name: name, State: db.CellStateOPEN})
	})
	return already, err
}

func compareRegion(known *db.Cell, region *string) error {
	if region != nil && (known.Region == nil || *known.Region != *region) {
		return fmt.Errorf("the cell %s was added with another region, and organizations may rely on it: leave out --region", known.Name)
	}
	return nil
}

func readCells(ctx context.Context, database db.DBTX) (map[string]*db.Cell, error) {
	list, err := db.New().ListCells(ctx, database)
	known := map[string]*db.Cell{}
	for _, c := range list {
		known[c.Name] = c
	}
	return known, err
}

// prepareHome gives home its identity, and enters its organizations in the directory. From the commit of the identity on each new organization is entered
// by a trigger; the lock waits for those that are being made without it. Those that were there are entered afterwards, before there is another cell that could
// have an organization with one of their slugs.
func prepareHome(ctx context.Context, home *pgxpool.Pool) error {
	stored, err := findIdentity(ctx, home)
	switch {
	case err != nil:
		return err
	case stored != nil && stored.Name != cells.Home:
		return unfit("the database in DATABASE_URL is the cell %s: name its home there", stored.Name)
	case stored == nil:
		installation := uuid.Must(uuid.NewV7())
		err := whenFree(ctx, home, func(tx pgx.Tx) error {
			if again, err := findIdentity(ctx, tx); err != nil || again != nil {
				return err
			}
			err := db.New().CreateIdentity(ctx, tx, &db.CreateIdentityParams{
				Name: cells.Home, Installation: installation, Incarnation: installation, Home: &installation,
			})
			if err != nil {
				return err
			}
			if err := db.New().CreateCell(ctx, tx, &db.CreateCellParams{Name: cells.Home, Incarnation: installation}); err != nil {
				return err
			}
			return db.New().SetCellState(ctx, tx, &db.SetCellStateParams{Name: cells.Home, State: db.CellStateOPEN})
		})
		if err != nil {
			return err
		}
	}
	for after := uuid.Nil; ; {
		batch, err := db.New().FillDirectory(ctx, home, &db.FillDirectoryParams{AfterID: after, Number: directoryBatch})
		if err != nil || batch.LastID == after {
			return err
		}
		after = batch.LastID
	}
}

// claim writes a cell's identity, unless it has the one that home knows or, after an Add that failed, is about to. known is nil for a cell that home does not
// know.
func claim(ctx context.Context, pool *pgxpool.Pool, name string, home *db.CellIdentity, known *db.Cell) (stored *db.CellIdentity, err error) {
	err = whenFree(ctx, pool, func(tx pgx.Tx) error {
		if stored, err = findIdentity(ctx, tx); err != nil {
			return err
		}
		if stored != nil {
			expected := of(stored)
			expected.Name, expected.Installation = name, home.Installation
			if known != nil {
				expected.Incarnation, expected.Moves = known.Incarnation, known.Moves
			}
			return Compare(name, expected, of(stored))
		}
		if known != nil {
			return Compare(name, of(home), of(&db.CellIdentity{}))
		}
		count, err := db.New().CountHere(ctx, tx)
		if err != nil {
			return err
		}
		if count.Known > 0 {
			return fmt.Errorf("the database of the cell %s has organizations (%d) that are not this installation's: make an empty one, and run bursar migrate up",
				name, count.Known)
		}
		err = db.New().CreateIdentity(ctx, tx, &db.CreateIdentityParams{
			Name: name, Installation: home.Installation, Incarnation: uuid.Must(uuid.NewV7()), Home: home.Home,
		})
		if err != nil {
			return err
		}
		stored, err = findIdentity(ctx, tx)
		return err
	})
	return stored, err
}

// whenFree runs a transaction that keeps organizations from being made, as soon as nobody makes one.
func whenFree(ctx context.Context, pool *pgxpool.Pool, change func(pgx.Tx) error) error {
	for deadline := time.Now().Add(tableLimit); ; {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "set local lock_timeout = '"+tableTimeout+"'"); err != nil {
				return err
			}
			if err := db.New().LockOrganizationList(ctx, tx); err != nil {
				return err
			}
			return change(tx)
		})
		server, answered := errors.AsType[*pgconn.PgError](err)
		if !answered || server.Code != pgerrcode.LockNotAvailable {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("organizations have been made or changed for %s by transactions that do not end; end them and run it again: %w", tableLimit, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(tablePause + rand.N(tablePause)): //nolint:gosec // no secret
		}
	}
}
