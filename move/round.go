package move

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// round copies what has changed since the round before, in one snapshot of the source and one transaction of the target, and returns how many rows. Then each table of
// the target has the rows that the snapshot has: as many as they, among them all that it sees. What is in transactions that it does not see, the next round copies.
func (m *Move) round(ctx context.Context, source *pgx.Conn) (copied int64, err error) {
	since, err := oldestRunning(ctx, source)
	if err != nil {
		return 0, err
	}
	if copied, err = m.roundOfLedger(ctx, source); err != nil {
		return 0, err
	}
	if err := m.count(ctx, source); err != nil {
		return 0, err
	}
	for _, t := range m.tables {
		if t.Name == ledger {
			continue
		}
		if t.changed > 0 || t.count != t.there {
			if err := m.replace(ctx, source, t); err != nil {
				return 0, fmt.Errorf("%s: %w", t.Name, err)
			}
			copied += t.changed
		}
		t.there = t.count
		if t.Name != organizations {
			t.since = since
		}
	}
	return copied, nil
}

// roundOfLedger copies the ledger's rows behind the position, and deletes what the source has dropped.
func (m *Move) roundOfLedger(ctx context.Context, source *pgx.Conn) (copied int64, err error) {
	if err := m.dropEvents(ctx, source); err != nil {
		return 0, err
	}
	for {
		next, err := m.nextEvents(ctx, source)
		if err != nil || next.rows == 0 {
			return copied, err
		}
		if err := m.makePartitions(ctx, next); err != nil {
			return 0, err
		}
		if err := m.copyEvents(ctx, source, next); err != nil {
			return 0, err
		}
		m.position = next.last
		copied += next.rows
	}
}

// count notes how many rows each table of the source has, and how many of them may have changed.
func (m *Move) count(ctx context.Context, source *pgx.Conn) error {
	var counts []string
	for i, t := range m.tables {
		if t.Name != ledger {
			counts = append(counts, fmt.Sprintf("select %d, count(*), count(*) filter (where %s) from %s t where %s", i, t.isChanged(), quoted(t.Name), t.of(m.Organization)))
		}
	}
	return each(ctx, source, strings.Join(counts, " union all "), func(rows pgx.Rows) error {
		var index, count, changed int64
		err := rows.Scan(&index, &count, &changed)
		m.tables[index].count, m.tables[index].changed = count, changed
		return err
	})
}

// each calls scan for each row.
func each(ctx context.Context, on *pgx.Conn, query string, scan func(pgx.Rows) error) error {
	rows, err := on.Query(ctx, query, pgx.QueryExecModeExec) // it is not sent again
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// replace writes the rows of a table that have changed, and deletes those that the source has not. What is replaced is deleted first, so
// that no row is in the way of another's unique value. There are as many rows as in the source in the end, or it fails.
func (m *Move) replace(ctx context.Context, source *pgx.Conn, t *table) error {
	staged, err := stream(ctx, source, m.rows(t, t.isChanged()), m.target, t.stage()+" ("+t.names()+")")
	if err != nil {
		return err
	}
	insert := fmt.Sprintf("insert into %s (%s) select %s from %s", quoted(t.Name), t.names(), t.names(), t.stage())
	if t.Name == organizations { // whoever looks for the row finds it at any time
		_, err := m.target.Exec(ctx, fmt.Sprintf("%s on conflict (id) do update set (%s) = row (%s)", insert, t.names(), excluded(t)))
		return err
	}
	deleted, err := m.target.Exec(ctx, fmt.Sprintf("delete from %s t using %s k where %s and %s", quoted(t.Name), t.stage(), t.of(m.Organization), t.matches()))
	if err != nil {
		return err
	}
	there := t.there - deleted.RowsAffected()
	if there+staged != t.count {
		strays, err := m.deleteStrays(ctx, source, t)
		if err != nil {
			return err
		}
		there -= strays
	}
	if there+staged != t.count {
		return fmt.Errorf("there would be %d rows of %d", there+staged, t.count)
	}
	_, err = m.target.Exec(ctx, insert)
	return err
}

func excluded(t *table) string {
	return "excluded." + strings.ReplaceAll(t.names(), ", ", ", excluded.")
}

// deleteStrays deletes the rows of a table whose keys the source does not have any more.
func (m *Move) deleteStrays(ctx context.Context, source *pgx.Conn, t *table) (deleted int64, err error) {
	keys := make([]string, len(t.Keys))
	for i, key := range t.Keys {
		keys[i] = "t." + quoted(key)
	}
	list := strings.Join(keys, ", ")
	if _, err := m.target.Exec(ctx, fmt.Sprintf("create temporary table move_keys on commit drop as select %s from %s t with no data", list, quoted(t.Name))); err != nil {
		return 0, err
	}
	if _, err := stream(ctx, source, fmt.Sprintf("select %s from %s t where %s", list, quoted(t.Name), t.of(m.Organization)), m.target, "move_keys"); err != nil {
		return 0, err
	}
	tag, err := m.target.Exec(ctx, fmt.Sprintf("delete from %s t where %s and not exists (select from move_keys k where %s)", quoted(t.Name), t.of(m.Organization), t.matches()))
	if err != nil {
		return 0, err
	}
	_, err = m.target.Exec(ctx, "drop table move_keys")
	return tag.RowsAffected(), err
}
