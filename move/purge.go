package move

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
)

// DefaultKeep is how long rows are kept in the database that an organization has left.
const DefaultKeep = 7 * 24 * time.Hour

// Purge deletes the rows of organizations from databases that they left longer ago than a time, and tells of each. One row each stays, which says that it has
// left: a server that still looks there is refused.
func (c *Cells) Purge(ctx context.Context, olderThan time.Duration, tell func(organization uuid.UUID, cell string)) error {
	moves, err := db.New().ListMovesToPurge(ctx, c.Home, olderThan)
	if err != nil {
		return fmt.Errorf("list the moves: %w", err)
	}
	for _, move := range moves {
		left := move.Source
		if move.State == db.MoveStateABORTED {
			left = move.Target
		}
		cell, err := c.named(left)
		if err != nil {
			return err
		}
		m := &Move{Organization: move.OrganizationID, home: c.Home, begun: move}
		if err := m.purge(ctx, cell); err != nil {
			return err
		}
		tell(move.OrganizationID, left)
	}
	return nil
}

// purge deletes the rows of a move that has ended, unless the organization has come back, or is coming.
func (m *Move) purge(ctx context.Context, cell Cell) error {
	release, err := m.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	switch _, err := db.New().FindOpenMove(ctx, m.home, m.Organization); {
	case err == nil:
		return nil // the next time
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("look for another move of it: %w", err)
	}
	residence, err := residenceIn(ctx, cell, m)
	if err != nil {
		return err
	}
	if residence != nil && *residence == db.ResidenceLEFT {
		if err := purge(ctx, cell, m.Organization); err != nil {
			return err
		}
	}
	return m.end(ctx, db.MoveStatePURGED)
}

// purge deletes the rows of an organization that has LEFT a database, table by table, and leaves the row that says so.
func purge(ctx context.Context, cell Cell, organization uuid.UUID) error {
	connection, err := cell.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", cell.Name, err)
	}
	defer connection.Release()
	tables, err := tablesOf(ctx, connection.Conn())
	if err != nil {
		return fmt.Errorf("read the catalogue of %s: %w", cell.Name, err)
	}
	for deleted := int64(1); deleted > 0; {
		if deleted, err = deleteEvents(ctx, connection.Conn(), organization); err != nil {
			return fmt.Errorf("purge the ledger in %s: %w", cell.Name, err)
		}
	}
	for _, t := range tables {
		if t.Name == ledger || t.Name == organizations {
			continue
		}
		for deleted := int64(chunk); deleted == chunk; {
			if deleted, err = t.deleteRows(ctx, connection.Conn(), organization); err != nil {
				return fmt.Errorf("purge %s in %s: %w", t.Name, cell.Name, err)
			}
		}
	}
	err = pgx.BeginFunc(ctx, connection.Conn(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asReplica); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `select move_bury($1)`, organization)
		return err
	})
	if err != nil {
		return fmt.Errorf("leave the row in %s that says that %s has left: %w", cell.Name, id.Organization.Format(organization), err)
	}
	return nil
}

// deleteRows deletes a chunk of the organization's rows in one transaction, and returns how many they were.
func (t *table) deleteRows(ctx context.Context, on *pgx.Conn, organization uuid.UUID) (deleted int64, err error) {
	err = pgx.BeginFunc(ctx, on, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asReplica); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, fmt.Sprintf("delete from %[1]s d where d.ctid = any (array(select t.ctid from %[1]s t where %[2]s limit %[3]d))",
			quoted(t.Name), t.of(organization), chunk))
		deleted = tag.RowsAffected()
		return err
	})
	return deleted, err
}
