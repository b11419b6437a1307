package move

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// events are ledger rows of the source behind the position up to which the target has them.
type events struct {
	rows        int64
	last        int64     // position
	first, upto time.Time // between these they were recorded
}

// nextEvents returns the next chunk of ledger rows.
func (m *Move) nextEvents(ctx context.Context, source *pgx.Conn) (next events, err error) {
	var first, upto *time.Time
	err = source.QueryRow(ctx, `
		select count(*), coalesce(max(e.position), 0), min(e.recorded_at), max(e.recorded_at) from (
			select e.position, e.recorded_at from usage_events e where e.organization_id = $1 and e.position > $2 order by e.position limit $3) e`,
		m.Organization, m.position, chunk).Scan(&next.rows, &next.last, &first, &upto)
	if err == nil && next.rows > 0 {
		next.first, next.upto = *first, *upto
	}
	return next, err
}

// copyEvents copies a chunk, in transactions of both databases.
func (m *Move) copyEvents(ctx context.Context, source *pgx.Conn, next events) error {
	t := m.ledger()
	copied, err := stream(ctx, source, m.rows(t, fmt.Sprintf("t.position > %d and t.position <= %d", m.position, next.last)), m.target, ledger+" ("+t.names()+")")
	if err == nil && copied != next.rows {
		err = fmt.Errorf("%d of %d ledger rows up to position %d were copied", copied, next.rows, next.last)
	}
	return err
}

func (m *Move) ledger() *table {
	for _, t := range m.tables {
		if t.Name == ledger {
			return t
		}
	}
	panic("the ledger is in the catalogue") // else organizations are not
}

// makePartitions makes the partitions of the target for ledger rows, in transactions of their own: see create_usage_partitions.
func (m *Move) makePartitions(ctx context.Context, next events) error {
	first := next.first.UTC()
	for month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC); !month.After(next.upto); month = month.AddDate(0, 1, 0) {
		if m.months[month] {
			continue
		}
		if _, err := m.Target.Pool.Exec(ctx, `select create_usage_partitions(0, $1)`, month); err != nil {
			return fmt.Errorf("make the ledger's partition of %s in %s: %w", month.Format("January 2006"), m.Target.Name, err)
		}
		m.months[month] = true
	}
	return nil
}

// dropEvents deletes from the target what the source has dropped past its retention since it was copied.
func (m *Move) dropEvents(ctx context.Context, source *pgx.Conn) error {
	const partitions = `select coalesce(array_agg(c.relname::text order by c.relname), '{}') from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = 'usage_events'::regclass and c.relname ~ '^usage_events_\d{4}_\d{2}$'`
	var kept, there []string
	if err := source.QueryRow(ctx, partitions).Scan(&kept); err != nil {
		return err
	}
	if err := m.target.QueryRow(ctx, partitions).Scan(&there); err != nil {
		return err
	}
	for _, name := range there {
		if len(kept) > 0 && name >= kept[0] {
			break
		}
		if _, err := m.target.Exec(ctx, fmt.Sprintf("delete from %s where organization_id = $1", quoted(name)), m.Organization); err != nil {
			return err
		}
	}
	return nil
}

// deleteEvents deletes a chunk of an organization's ledger rows in one transaction, and returns how many they were.
func deleteEvents(ctx context.Context, on *pgx.Conn, organization uuid.UUID) (deleted int64, err error) {
	err = pgx.BeginFunc(ctx, on, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, asReplica); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			delete from usage_events e where e.organization_id = $1 and e.position <= (
				select max(n.position) from (
					select n.position from usage_events n where n.organization_id = $1 order by n.position limit $2) n)`, organization, chunk)
		deleted = tag.RowsAffected()
		return err
	})
	return deleted, err
}
