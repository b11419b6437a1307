package db_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// noting runs each query twice, and notes what it answered as JSON.
type noting struct {
	db.DBTX
	answers *[]string
}

func (n noting) Query(ctx context.Context, sql string, arguments ...any) (pgx.Rows, error) {
	rows, err := n.DBTX.Query(ctx, `select to_jsonb(answer)::text from (`+sql+`) answer`, arguments...)
	if err != nil {
		return nil, err
	}
	answers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	*n.answers = append(*n.answers, answers...)
	return n.DBTX.Query(ctx, sql, arguments...)
}

// What enforcement answers of a limit, in its limits and in a denial, is what servers of release 1 read, and no more: nothing of its definition,
// such as a version, of which it would be null. And where periods begin, what raises add, and whether it is enforced.
func TestEnforcedLimitsHaveNothingElse(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(db.SubjectTypeAPIKEY, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 10)
	g.rate(db.SubjectTypeAPIKEY, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 10)
	want := []string{"alert_units", "calendar", "counter_id", "enabled", "generation", "id", "kind", "max_units", "mode", "organization_id", "period", "period_end",
		"period_number", "period_start", "raised_units", "reserved_units", "subject_id", "subject_type", "type", "used_units"}
	var answers []string
	_, err := g.checkOn(noting{g.Pool, &answers}, &g.now, estimateTokens(5), estimateTokens(11))
	must(t, 0, err)
	limits := 0
	for _, text := range answers {
		var answer struct {
			Limits  []map[string]any
			Denials []struct{ Limit map[string]any }
		}
		must(t, 0, json.Unmarshal([]byte(text), &answer))
		for _, denial := range answer.Denials {
			answer.Limits = append(answer.Limits, denial.Limit)
		}
		for _, limit := range answer.Limits {
			limits++
			if got := slices.Sorted(maps.Keys(limit)); !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
	equal(t, "limits that were answered", limits, 5)
}
