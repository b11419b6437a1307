package move

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// Abort ends a move before the target decides: the organization stays where it was, and the target is left with nothing but a row that says so. A
// [RefusedError] says that it has moved already.
func (m *Move) Abort(ctx context.Context) error {
	release, err := m.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := m.findOpen(ctx, m.home); err != nil {
		return fmt.Errorf("look for the move at home: %w", err)
	}
	if m.begun == nil || m.begun.Target != m.Target.Name {
		return refused("%s is not being moved to %s", m.Slug, m.Target.Name)
	}
	decided := false
	err = pgx.BeginFunc(ctx, m.Target.Pool, func(tx pgx.Tx) error { // after this no attempt can have it decide: see move_lock
		var residence *db.Residence
		if err := tx.QueryRow(ctx, `select move_residence($1)`, m.Organization).Scan(&residence); err != nil {
			return err
		}
		switch {
		case residence != nil && *residence == db.ResidenceHERE:
			decided = true
		case residence != nil && *residence == db.ResidenceARRIVING:
			if _, err := tx.Exec(ctx, asReplica); err != nil {
				return err
			}
			return m.reside(ctx, tx, db.ResidenceLEFT)
		}
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("end the arrival in %s: %w", m.Target.Name, err)
	case decided || m.begun.State != db.MoveStateCOPYING:
		return refused("%s has moved to %s already: run bursar move without --abort to end the move, and then move it back", m.Slug, m.Target.Name)
	}
	if err := m.goBack(ctx); err != nil {
		return err
	}
	if err := db.New().AbortMove(ctx, m.home, &db.AbortMoveParams{OrganizationID: m.Organization, ID: m.begun.ID}); err != nil {
		return fmt.Errorf("note at home that the move was aborted: %w", err)
	}
	return purge(ctx, m.Target, m.Organization)
}
