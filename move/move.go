// Package move moves an organization from one database to another, exactly: what was admitted before is held and booked there, and nothing is admitted by
// both. The rows are copied while the organization is served, then it stands still for a moment while the rest is, and the transaction of the
// target that has the rest says HERE: its commit is the move. Until then the source decides, from then on the target, whatever the directory says.
package move

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
)

// DefaultStandstill is how long an organization may stand still, unless a move says otherwise.
const DefaultStandstill = 30 * time.Second

// Cell is a database; its pool's login owns the tables, and may set session_replication_role.
type Cell struct {
	Name string
	Pool *pgxpool.Pool
}

// Cells are those of an installation.
type Cells struct {
	Home   *pgxpool.Pool // has the directory, and is the cell "home"
	Others []Cell
}

const home = "home"

// named returns a cell.
func (c *Cells) named(name string) (Cell, error) {
	if name == home {
		return Cell{home, c.Home}, nil
	}
	for _, cell := range c.Others {
		if cell.Name == name {
			return cell, nil
		}
	}
	return Cell{}, fmt.Errorf("BURSAR_CELLS has no cell %q: name its database there", name)
}

// Move is one move of an organization. Its fields may be read once [Cells.Begin] has returned it.
type Move struct {
	Organization uuid.UUID
	Slug         string
	Source       Cell
	Target       Cell

	Standstill time.Duration                   // how long it may stand still; after that it is where it was
	Progress   func(what string, done, of int) // of rows; nil: nobody is told
	Took       time.Duration                   // how long it stood still; 0 while it has not moved

	home       *pgxpool.Pool
	plan       *Plan
	begun      *db.OrganizationMove // nil: nothing is noted at home yet
	target     *pgx.Conn            // of the rows, with the stages
	tables     []*table
	generation int32 // with which it arrives
	position   int64 // up to which the ledger is in the target
	months     map[time.Time]bool
	patience   time.Duration    // with mail and webhooks that are under way; 0: waitedFor
	after      func(step) error // called after each step; tests end a move there
}

// step is a point at which a move may end and be gone on with.
type step string

const (
	stepBegun     step = "begun"
	stepArriving  step = "arriving"
	stepEmptied   step = "emptied"
	stepCopied    step = "copied"
	stepLeaving   step = "leaving"
	stepWritten   step = "written" // all rows, not committed
	stepDecided   step = "decided"
	stepDirected  step = "directed"
	stepLeft      step = "left"
	stepCountedAt step = "counted"
)

// ErrStandstill is that the organization stood still for as long as it may. It is where it was.
var ErrStandstill = errors.New("the organization has stood still for as long as it may, and is where it was: run it again, when there is less traffic or with a longer --standstill")

// Run moves the organization, or goes on with a move that has ended before its end. One at a time moves an organization. On an error the organization is
// where it was, or has moved and the rest is to be done, or it stands still because it is not known which: the error says so, and Run again goes on.
func (m *Move) Run(ctx context.Context) (err error) {
	release, err := m.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := m.begin(ctx); err != nil {
		return err
	}
	if m.begun.State == db.MoveStateCOPYING {
		if err := m.decide(ctx); err != nil {
			return err
		}
	}
	return m.finish(ctx)
}

// decide has the target decide, if it does not yet.
func (m *Move) decide(ctx context.Context) (err error) {
	connection, err := m.Target.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", m.Target.Name, err)
	}
	defer func() { _ = connection.Hijack().Close(context.WithoutCancel(ctx)) }() // it has temporary tables
	m.target = connection.Conn()
	moved, err := m.arrive(ctx)
	if err != nil || moved {
		return err
	}
	if err := m.goBack(ctx); err != nil { // after a move that has ended while the organization stood still
		return err
	}
	if err := m.copyAhead(ctx); err != nil {
		return err
	}
	return m.standStill(ctx)
}

// begin notes at home that it moves, unless that was noted before.
func (m *Move) begin(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, m.home, func(tx pgx.Tx) error {
		entry, err := db.New().FindCellOf(ctx, tx, &db.FindCellOfParams{OrganizationID: &m.Organization})
		if err != nil {
			return err
		}
		if err := m.findOpen(ctx, tx); err != nil || m.begun != nil {
			return err
		}
		if entry.Cell != m.Source.Name {
			return refused("%s is in %s meanwhile", m.Slug, entry.Cell)
		}
		m.begun, err = db.New().BeginMove(ctx, tx, &db.BeginMoveParams{
			OrganizationID: m.Organization, Source: m.Source.Name, Target: m.Target.Name, MovedBy: movedBy})
		return err
	})
	if err != nil {
		return fmt.Errorf("note the move at home: %w", err)
	}
	if m.begun.Source != m.Source.Name || m.begun.Target != m.Target.Name {
		return refused("%s is being moved from %s to %s meanwhile", m.Slug, m.begun.Source, m.begun.Target)
	}
	return m.reached(stepBegun)
}

// findOpen reads the move of the organization that has not ended, if there is one.
func (m *Move) findOpen(ctx context.Context, on db.DBTX) (err error) {
	m.begun, err = db.New().FindOpenMove(ctx, on, m.Organization)
	if errors.Is(err, pgx.ErrNoRows) {
		m.begun, err = nil, nil
	}
	return err
}

// movedBy is who moves, for the audit log.
const movedBy = "bursar move"

// actor is who changes the residence.
func (m *Move) actor() *db.SetActorParams {
	return &db.SetActorParams{Actor: movedBy, Action: "moveOrganization", Reason: "from " + m.Source.Name + " to " + m.Target.Name}
}

func (m *Move) reached(s step) error {
	if m.after == nil {
		return nil
	}
	return m.after(s)
}

// lock keeps other moves of the organization out, for as long as the connection lives.
func (m *Move) lock(ctx context.Context) (release func(), err error) {
	connection, err := m.home.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to home: %w", err)
	}
	const name = `hashtextextended('bursar move ' || $1::text, 0)`
	var locked bool
	err = connection.QueryRow(ctx, `select pg_try_advisory_lock(`+name+`)`, m.Organization.String()).Scan(&locked)
	if err == nil && !locked {
		err = fmt.Errorf("another bursar move has %s", id.Organization.Format(m.Organization))
	}
	if err != nil {
		connection.Release()
		return nil, err
	}
	return func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout)
		defer cancel()
		if _, err := connection.Exec(bounded, `select pg_advisory_unlock(`+name+`)`, m.Organization.String()); err != nil {
			_ = connection.Hijack().Close(bounded) // the lock ends with its session
			return
		}
		connection.Release()
	}, nil
}

// unlockTimeout is how long home may take to end the lock.
const unlockTimeout = 5 * time.Second

// arrive makes the organization ARRIVING in the target, and tells whether it decides already.
func (m *Move) arrive(ctx context.Context) (moved bool, err error) {
	var row []byte
	err = m.Source.Pool.QueryRow(ctx, `select to_jsonb(o) from organizations o where o.id = $1`, m.Organization).Scan(&row)
	if err != nil {
		return false, fmt.Errorf("read the organization in %s: %w", m.Source.Name, err)
	}
	var generation *int32
	err = pgx.BeginFunc(ctx, m.target, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asReplica); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `select move_arrive($1)`, row).Scan(&generation)
	})
	if err != nil {
		return false, fmt.Errorf("let it arrive in %s: %w", m.Target.Name, err)
	}
	if generation == nil {
		return true, nil
	}
	m.generation = *generation
	return false, m.reached(stepArriving)
}

// asReplica has no trigger fire in a transaction: what is copied was checked and is in the audit log where it was made.
const asReplica = `set local session_replication_role = replica`
