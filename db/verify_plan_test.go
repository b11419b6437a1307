package db_test

import (
	"context"
	"testing"
)

// Verification never joins the rows of an organization with each other in nested loops, whatever the statistics say: after a load
// they are of the time before it, and such loops take minutes. With the other joins switched off, every nested loop that is left
// would be one that the planner may choose.
func TestVerificationDoesNotLoopOverRows(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, function := range []string{"find_ledger_differences", "find_rollup_differences"} {
		tx, err := g.Pool.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, setting := range []string{"enable_hashjoin", "enable_mergejoin", "enable_memoize", "enable_material"} {
			if _, err := tx.Exec(context.Background(), "set local "+setting+" = off"); err != nil {
				t.Fatal(err)
			}
		}
		var plans []struct{ Plan joinNode }
		if err := tx.QueryRow(context.Background(), "explain (format json) select * from "+function+"('"+g.Organization.ID.String()+"')").Scan(&plans); err != nil {
			t.Fatal(err)
		}
		if loops := plans[0].Plan.check(t, function); loops == 0 {
			t.Errorf("%s: its plan has no nested loop, the test has looked at nothing: %+v", function, plans)
		}
		if err := tx.Rollback(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// joinNode is a node of a plan.
type joinNode struct {
	Type  string     `json:"Node Type"`
	Plans []joinNode `json:"Plans"`
}

// check reports nested loops whose inner side is more than the rows of one function or list, and returns the number of all of them.
func (n *joinNode) check(t *testing.T, function string) (loops int) {
	if n.Type == "Nested Loop" {
		loops++
		if inner := n.Plans[1].Type; inner != "Function Scan" && inner != "Values Scan" && n.Plans[0].Type != "Values Scan" {
			t.Errorf("%s: a nested loop reads a %s for each row of a %s", function, inner, n.Plans[0].Type)
		}
	}
	for i := range n.Plans {
		loops += n.Plans[i].check(t, function)
	}
	return loops
}
