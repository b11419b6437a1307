package move

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Plan is what there is to be moved.
type Plan struct {
	Tables     []PlannedTable
	Standstill time.Duration // estimate
}

// PlannedTable is a table with rows of the organization.
type PlannedTable struct {
	Name  string
	Rows  int64
	Bytes int64 // as they are stored, without indexes
}

func (p *Plan) rowsOf(table string) int64 {
	for _, t := range p.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// Rows returns how many rows there are.
func (p *Plan) Rows() (rows int64) {
	for _, t := range p.Tables {
		rows += t.Rows
	}
	return rows
}

const (
	// base is how long an organization without rows stands still, and comparedPerSecond how many rows per second are compared in that time: of all tables but
	// the ledger. Measured by TestStandstillOfALargeOrganization.
	base              = 200 * time.Millisecond
	comparedPerSecond = 2_000_000
)

// planned counts what there is.
func (m *Move) planned(ctx context.Context) (*Plan, error) {
	statements := make([]string, len(m.tables))
	for i, t := range m.tables {
		statements[i] = fmt.Sprintf("select '%s', count(*), coalesce(sum(pg_column_size(t.*)), 0) from %s t where %s", t.Name, quoted(t.Name), t.of(m.Organization))
	}
	plan := &Plan{Standstill: base}
	connection, err := m.Source.Pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Release()
	err = each(ctx, connection.Conn(), strings.Join(statements, " union all "), func(rows pgx.Rows) error {
		var t PlannedTable
		if err := rows.Scan(&t.Name, &t.Rows, &t.Bytes); err != nil || t.Rows == 0 {
			return err
		}
		plan.Tables = append(plan.Tables, t)
		if t.Name != ledger {
			plan.Standstill += time.Duration(t.Rows) * time.Second / comparedPerSecond
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count the rows in %s: %w", m.Source.Name, err)
	}
	return plan, nil
}
