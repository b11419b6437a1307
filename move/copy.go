package move

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

const (
	// chunk is how many rows of the ledger are copied, or deleted, in one transaction.
	chunk = 50_000
	// maxRounds is how often what has changed meanwhile is copied once more before the organization stands still.
	maxRounds = 5
	// fewRows is how few of them make no difference to how long it stands still.
	fewRows = 2_000
	// analyzed is how many rows a table has at least that was copied, for PostgreSQL to be told before statements of the organization are planned.
	analyzed = 1_000
)

// copyAhead copies all rows while the source decides, and then what has changed meanwhile, until that is little.
func (m *Move) copyAhead(ctx context.Context) (err error) {
	if m.tables, err = tablesOf(ctx, m.Source.Pool); err != nil {
		return fmt.Errorf("read the catalogue of %s: %w", m.Source.Name, err)
	}
	if err := m.empty(ctx); err != nil {
		return fmt.Errorf("delete what is left in %s of an earlier stay: %w", m.Target.Name, err)
	}
	if err := m.copyLedger(ctx); err != nil {
		return fmt.Errorf("copy the ledger: %w", err)
	}
	if err := m.copyTables(ctx); err != nil {
		return err
	}
	for range maxRounds {
		copied, err := m.roundAhead(ctx)
		if err != nil {
			return fmt.Errorf("copy what has changed: %w", err)
		}
		if copied <= fewRows {
			break
		}
	}
	return m.reached(stepCopied)
}

// empty deletes ledger rows of an earlier stay from the target. Those of this move stay: they are complete up to the last one.
func (m *Move) empty(ctx context.Context) error {
	for !m.begun.Emptied {
		deleted, err := deleteEvents(ctx, m.target, m.Organization)
		if err != nil {
			return err
		}
		if deleted == 0 {
			if err := db.New().NoteMoveEmptied(ctx, m.home, &db.NoteMoveEmptiedParams{OrganizationID: m.Organization, ID: m.begun.ID}); err != nil {
				return err
			}
			m.begun.Emptied = true
		}
	}
	return m.reached(stepEmptied)
}

// copyLedger copies the ledger, chunk by chunk, from where it has come to. Rows commit in the order of their positions: whoever sees one sees all
// before it, and none of them ever changes.
func (m *Move) copyLedger(ctx context.Context) error {
	m.months = map[time.Time]bool{}
	err := m.target.QueryRow(ctx, `select coalesce(max(e.position), 0) from usage_events e where e.organization_id = $1`, m.Organization).Scan(&m.position)
	if err != nil {
		return err
	}
	source, err := m.Source.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer source.Release()
	for done := 0; ; {
		next, err := m.nextEvents(ctx, source.Conn())
		if err != nil || next.rows == 0 {
			return err
		}
		if err := m.makePartitions(ctx, next); err != nil {
			return err
		}
		err = m.inTarget(ctx, func() error { return m.copyEvents(ctx, source.Conn(), next) })
		if err != nil {
			return err
		}
		m.position = next.last
		done += int(next.rows)
		m.tell("copying "+ledger, done, int(m.plan.rowsOf(ledger)))
	}
}

// inTarget runs a change in one transaction of the target without triggers, if the organization still arrives there by this move.
func (m *Move) inTarget(ctx context.Context, change func() error) error {
	return pgx.BeginFunc(ctx, m.target, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asReplica); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select move_lock($1, $2)`, m.Organization, m.generation); err != nil {
			return err
		}
		return change()
	})
}

// copyTables copies all other tables, one after the other, and replaces what is there. The rows that are written meanwhile are copied in the rounds.
func (m *Move) copyTables(ctx context.Context) error {
	source, err := m.Source.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", m.Source.Name, err)
	}
	defer source.Release()
	for i, t := range m.tables {
		if _, err := m.target.Exec(ctx, fmt.Sprintf("create temporary table %s (like %s including generated) on commit delete rows", t.stage(), quoted(t.Name))); err != nil {
			return fmt.Errorf("make a temporary table in %s: %w", m.Target.Name, err)
		}
		if t.Name == organizations || t.Name == ledger {
			continue
		}
		if t.since, err = oldestRunning(ctx, source.Conn()); err != nil {
			return fmt.Errorf("read the snapshot of %s: %w", m.Source.Name, err)
		}
		var copied int64
		err = m.inTarget(ctx, func() error {
			if _, err := m.target.Exec(ctx, fmt.Sprintf("delete from %s t where %s", quoted(t.Name), t.of(m.Organization))); err != nil {
				return err
			}
			copied, err = stream(ctx, source.Conn(), m.rows(t, "true"), m.target, quoted(t.Name)+" ("+t.names()+")")
			return err
		})
		if err != nil {
			return fmt.Errorf("copy %s: %w", t.Name, err)
		}
		t.copied, t.there = true, copied
		m.tell("copying tables", i+1, len(m.tables))
		if copied < analyzed {
			continue
		}
		if _, err := m.target.Exec(ctx, "analyze "+quoted(t.Name)); err != nil {
			return fmt.Errorf("analyze %s: %w", t.Name, err)
		}
	}
	if m.position > 0 {
		if _, err := m.target.Exec(ctx, "analyze "+ledger); err != nil {
			return fmt.Errorf("analyze %s: %w", ledger, err)
		}
	}
	return nil
}

// rows is the query of the organization's rows of a table that meet a condition.
func (m *Move) rows(t *table, condition string) string {
	return fmt.Sprintf("select %s from %s t where %s and %s", m.values(t), quoted(t.Name), t.of(m.Organization), condition)
}

// oldestRunning returns the oldest transaction whose effects a statement that begins now may not see.
func oldestRunning(ctx context.Context, on *pgx.Conn) (uint32, error) {
	var oldest int64
	err := on.QueryRow(ctx, `select pg_snapshot_xmin(pg_current_snapshot())::text::bigint`).Scan(&oldest)
	return uint32(oldest & 0xffffffff), err //nolint:gosec // it is what rows have
}

// roundAhead copies what has changed while the source decides, and returns how many rows that were.
func (m *Move) roundAhead(ctx context.Context) (copied int64, err error) {
	err = m.inSource(ctx, func(source *pgx.Conn) error {
		if err := m.prepare(ctx, source); err != nil {
			return err
		}
		return m.inTarget(ctx, func() error {
			copied, err = m.round(ctx, source)
			return err
		})
	})
	return copied, err
}

// inSource runs a read in one snapshot of the source.
func (m *Move) inSource(ctx context.Context, read func(source *pgx.Conn) error) error {
	return pgx.BeginTxFunc(ctx, m.Source.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return read(tx.Conn())
	})
}

// prepare makes the partitions for what has been booked since.
func (m *Move) prepare(ctx context.Context, source *pgx.Conn) error {
	next, err := m.nextEvents(ctx, source)
	if err != nil || next.rows == 0 {
		return err
	}
	return m.makePartitions(ctx, next)
}

func (m *Move) tell(what string, done, of int) {
	if m.Progress != nil {
		m.Progress(what, done, max(done, of))
	}
}
