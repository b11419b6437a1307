package db_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// planNode is a node of a plan as auto_explain writes it; numbers are of one loop.
type planNode struct {
	Type      string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Index     string     `json:"Index Name"`
	Rows      float64    `json:"Actual Rows"`
	Filtered  float64    `json:"Rows Removed by Filter"`
	Rechecked float64    `json:"Rows Removed by Index Recheck"`
	Loops     float64    `json:"Actual Loops"`
	Plans     []planNode `json:"Plans"`
}

// planned is one statement, with the plan by which it ran.
type planned struct {
	Text string   `json:"Query Text"`
	Plan planNode `json:"Plan"`
}

// explained is a session that notes the plan of every statement that runs in it, those inside functions included.
type explained struct {
	session    *pgx.Conn
	statements []planned
	broken     error
	complained map[string]bool
}

// explain opens such a session; the test is skipped where PostgreSQL was installed without auto_explain.
func explain(t *testing.T, url string) *explained {
	t.Helper()
	ctx := context.Background()
	config, err := pgx.ParseConfig(url)
	must(t, 0, err)
	e := &explained{complained: map[string]bool{}}
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { e.note(notice.Message) }
	e.session, err = pgx.ConnectConfig(ctx, config)
	must(t, 0, err)
	t.Cleanup(func() { must(t, 0, e.session.Close(ctx)) })
	for _, setting := range []string{"timezone = 'UTC'", "auto_explain.log_nested_statements = on", "auto_explain.log_analyze = on",
		"auto_explain.log_buffers = on", "auto_explain.log_timing = off", "auto_explain.log_format = json", "auto_explain.log_level = notice",
		"auto_explain.log_min_duration = 0"} {
		if _, err := e.session.Exec(ctx, "load 'auto_explain'"); err != nil {
			t.Skipf("PostgreSQL without auto_explain: %v", err)
		}
		_, err := e.session.Exec(ctx, "set "+setting)
		must(t, 0, err)
	}
	return e
}

// note keeps a plan; other notices have none.
func (e *explained) note(message string) {
	_, text, found := strings.Cut(message, "plan:\n")
	if !found {
		return
	}
	var one planned
	if err := json.Unmarshal([]byte(text), &one); err != nil {
		e.broken = fmt.Errorf("%w in %s", err, text)
	}
	e.statements = append(e.statements, one)
}

// taken returns the plans since the last call.
func (e *explained) taken(t *testing.T) []planned {
	t.Helper()
	must(t, 0, e.broken)
	all := e.statements
	e.statements = nil
	return all
}

// scanned returns the rows that a plan's scans of tables looked at, and complains of each that reads a table from end to end.
func (n *planNode) scanned(complain func(string)) (rows float64) {
	if strings.Contains(n.Type, "Seq Scan") {
		complain("sequential scan of " + n.Relation)
	}
	if n.Relation != "" && strings.Contains(n.Type, "Scan") || strings.Contains(n.Type, "Bitmap Index") {
		rows = (n.Rows + n.Filtered + n.Rechecked) * n.Loops
	}
	for i := range n.Plans {
		rows += n.Plans[i].scanned(complain)
	}
	return rows
}

// reads tells whether a plan looks at a table.
func (n *planNode) reads(table string) bool {
	return n.Relation == table || slices.ContainsFunc(n.Plans, func(p planNode) bool { return p.reads(table) })
}
