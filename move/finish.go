package move

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
)

// waitedFor is how long a move waits for mail and webhooks that the source had begun to send: longer than a webhook is claimed for.
const waitedFor = 30 * time.Second

// PendingError is that the organization has moved, and the source is still sending what it had begun to send.
type PendingError struct{ Deliveries int }

// Error implements [error].
func (e *PendingError) Error() string {
	return fmt.Sprintf("the organization has moved. Of its mail and webhooks %d were on their way, which the workers of the cell that it left end: run the same command again "+
		"later, which has them noted where the organization is; until then it cannot move on", e.Deliveries)
}

// finish does what is left to do once the target decides: the directory, the source, and what the source had begun to send.
func (m *Move) finish(ctx context.Context) error {
	err := db.New().NoteMoved(ctx, m.home, &db.NoteMovedParams{
		OrganizationID: m.Organization, ID: m.begun.ID, LedgerPosition: m.position, Standstill: m.Took})
	if err != nil {
		return fmt.Errorf("it has moved to %s; note that at home: %w", m.Target.Name, err)
	}
	if err := m.reached(stepDirected); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, m.Source.Pool, func(tx pgx.Tx) error {
		var residence db.Residence
		if err := tx.QueryRow(ctx, `select move_residence($1)`, m.Organization).Scan(&residence); err != nil || residence != db.ResidenceLEAVING {
			return err
		}
		if err := m.reside(ctx, tx, db.ResidenceLEFT); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `select move_count()`)
		return err
	})
	if err != nil {
		return fmt.Errorf("it has moved to %s; note that in %s: %w", m.Target.Name, m.Source.Name, err)
	}
	if err := m.reached(stepLeft); err != nil {
		return err
	}
	if err := db.New().NoteLeft(ctx, m.home, &db.NoteLeftParams{OrganizationID: m.Organization, ID: m.begun.ID}); err != nil {
		return fmt.Errorf("it has moved to %s; count that at home: %w", m.Target.Name, err)
	}
	if err := m.reached(stepCountedAt); err != nil {
		return err
	}
	if err := m.tellOutcomes(ctx); err != nil {
		return err
	}
	return m.end(ctx, db.MoveStateDONE)
}

func (m *Move) end(ctx context.Context, state db.MoveState) error {
	err := db.New().EndMove(ctx, m.home, &db.EndMoveParams{OrganizationID: m.Organization, ID: m.begun.ID, State: state})
	if err != nil {
		return fmt.Errorf("note at home that the move of %s has ended: %w", id.Organization.Format(m.Organization), err)
	}
	return nil
}

// tellOutcomes tells the target what has become of the mail and the webhooks that the source had begun to send, as it becomes known. A [PendingError] says that
// some is not known.
func (m *Move) tellOutcomes(ctx context.Context) error {
	for deadline := time.Now().Add(cmp.Or(m.patience, waitedFor)); ; {
		pending, err := m.tellKnown(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("it has moved to %s; note there what has become of mail and webhooks that were on their way: %w", m.Target.Name, err)
		case pending == 0:
			return nil
		case time.Now().After(deadline):
			return &PendingError{pending}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(askedEvery):
		}
	}
}

// tellKnown tells what is known, and returns how much is still to be waited for.
func (m *Move) tellKnown(ctx context.Context) (pending int, err error) {
	var awaited, outcomes []byte
	if err := m.Target.Pool.QueryRow(ctx, `select move_awaited($1)`, m.Organization).Scan(&awaited); err != nil {
		return 0, err
	}
	if err := m.Source.Pool.QueryRow(ctx, `select move_outcomes($1, $2)`, m.Organization, awaited).Scan(&outcomes); err != nil {
		return 0, err
	}
	if _, err := m.Target.Pool.Exec(ctx, `select move_tell($1, $2)`, m.Organization, outcomes); err != nil {
		return 0, err
	}
	err = m.Target.Pool.QueryRow(ctx, `select (move_awaited($1) ->> 'pending')::integer`, m.Organization).Scan(&pending)
	return pending, err
}
