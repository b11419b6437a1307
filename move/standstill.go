package move

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

const (
	// lockTimeout is how long the organization's requests wait behind the change of its residence in the source, for those that have its lock.
	lockTimeout = `set local lock_timeout = '5s'`
	// askedFor is how long it is asked what has become of a move whose connection broke while it was committed.
	askedFor = 30 * time.Second
	// askedEvery is the time between two questions.
	askedEvery = 200 * time.Millisecond
)

// standStill has the source decide no more, copies the rest and has the target decide. If that fails or takes too long, the source decides again.
func (m *Move) standStill(ctx context.Context) error {
	bounded, cancel := context.WithTimeoutCause(ctx, cmp.Or(m.Standstill, DefaultStandstill), ErrStandstill)
	defer cancel()
	began := time.Now()
	err := m.leave(bounded)
	uncertain := false
	if err == nil {
		uncertain, err = m.moveRest(bounded)
	}
	if errors.Is(err, errEnded) {
		return err
	}
	if err != nil {
		if errors.Is(context.Cause(bounded), ErrStandstill) {
			err = ErrStandstill
		}
		if err := m.recover(context.WithoutCancel(ctx), uncertain, err); err != nil {
			return err
		}
	}
	m.Took = time.Since(began)
	return m.reached(stepDecided)
}

// errEnded is what a test ends a move with, as a crash would.
var errEnded = errors.New("ended")

// leave has the source decide no more: it returns when what was under way has ended. No mail of the organization is begun afterwards, either: who has chosen
// mail before has the lock of mail_pace until it is noted.
func (m *Move) leave(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, m.Source.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockTimeout); err != nil {
			return err
		}
		return m.reside(ctx, tx, db.ResidenceLEAVING)
	})
	if err == nil {
		err = pgx.BeginFunc(ctx, m.Source.Pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `select from mail_pace p for update`)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("leave %s: %w", m.Source.Name, err)
	}
	return m.reached(stepLeaving)
}

// reside sets the residence, with the move in the audit log.
func (m *Move) reside(ctx context.Context, tx pgx.Tx, residence db.Residence) error {
	if err := db.New().SetActor(ctx, tx, m.actor()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `select set_residence($1, $2)`, m.Organization, residence)
	return err
}

// moveRest copies the rest and has the target decide, in one transaction of it. It is uncertain whether it has moved when the connection broke during the commit.
func (m *Move) moveRest(ctx context.Context) (uncertain bool, err error) {
	tx, err := m.target.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // it has its effect already, or there is nothing to roll back
	if err := m.inSource(ctx, func(source *pgx.Conn) error { return m.write(ctx, source, tx) }); err != nil {
		return false, fmt.Errorf("copy the rest: %w", err)
	}
	if err := m.reached(stepWritten); err != nil {
		return false, err
	}
	return true, tx.Commit(ctx)
}

// write has all that makes the target decide.
func (m *Move) write(ctx context.Context, source *pgx.Conn, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, asReplica); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select move_lock($1, $2)`, m.Organization, m.generation); err != nil {
		return err
	}
	if _, err := m.round(ctx, source); err != nil {
		return err
	}
	var prices []byte
	if err := source.QueryRow(ctx, `select move_held_prices($1)`, m.Organization).Scan(&prices); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select move_match_prices($1, $2)`, m.Organization, prices); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `set local session_replication_role = origin`); err != nil {
		return err
	}
	if err := m.reside(ctx, tx, db.ResidenceHERE); err != nil {
		return err
	}
	// the count last but for the sequence: moves to one cell wait for each other there, and writers of the ledger for the sequence
	if _, err := tx.Exec(ctx, `select move_count()`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `select move_raise_position($1)`, m.position)
	return err
}

// recover has the source decide again after an error, unless the target does. The error stays the one that is returned.
func (m *Move) recover(ctx context.Context, uncertain bool, failed error) error {
	ctx, cancel := context.WithTimeout(ctx, askedFor)
	defer cancel()
	for {
		decides := false
		var err error
		if uncertain {
			decides, err = m.targetDecides(ctx)
		}
		switch {
		case err == nil && decides:
			return nil
		case err == nil:
			if err = m.goBack(ctx); err == nil {
				return failed
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; and whether it has moved is not known: %w. It stands still until bursar move is run again", failed, err)
		case <-time.After(askedEvery):
		}
	}
}

// targetDecides tells whether the target decides, after what is being committed there.
func (m *Move) targetDecides(ctx context.Context) (bool, error) {
	residence, err := residenceIn(ctx, m.Target, m)
	return residence != nil && *residence == db.ResidenceHERE, err
}

// residenceIn returns an organization's residence in a cell, after the transactions that change it; nil: it has no row there.
func residenceIn(ctx context.Context, cell Cell, m *Move) (residence *db.Residence, err error) {
	err = cell.Pool.QueryRow(ctx, `select move_residence($1)`, m.Organization).Scan(&residence)
	if err != nil {
		err = fmt.Errorf("ask %s who decides: %w", cell.Name, err)
	}
	return residence, err
}

// goBack has the source decide again, if it was leaving.
func (m *Move) goBack(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, m.Source.Pool, func(tx pgx.Tx) error { return m.reside(ctx, tx, db.ResidenceHERE) })
	if err != nil {
		return fmt.Errorf("let %s decide again: %w", m.Source.Name, err)
	}
	return nil
}
