package enforce

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
	"bursar/fault"
)

// Guarantee: of a batch with calls of a moved organization these alone are UNAVAILABLE; others are run again without them, in one statement, and the
// operator's, who names no organization, one by one.
func TestCallsOfMovedOrganizationsFailAlone(t *testing.T) {
	t.Parallel()
	// by request: 1 and 2 are of the moved organization, 7 is the operator's for it
	organizations := []byte{2, 1, 1, 3, 2, 0, 3, 0}
	moved := []int{1, 2, 7}
	detail, err := json.Marshal([]uuid.UUID{organization(1)})
	if err != nil {
		t.Fatal(err)
	}
	var runs [][]int
	q := &queue[int]{run: func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
		var numbers []int
		for _, n := range batch {
			numbers = append(numbers, *n)
		}
		runs = append(runs, numbers)
		if slices.ContainsFunc(numbers, func(n int) bool { return slices.Contains(moved, n) }) {
			return nil, &pgconn.PgError{Code: "UB005", Detail: string(detail)}
		}
		answers := make([]*db.UsageAnswer, len(batch))
		for i, n := range numbers {
			answers[i] = &db.UsageAnswer{Ordinal: int32(n)} //nolint:gosec // small
		}
		return answers, nil
	}}
	batch := make([]*call[int], len(organizations))
	for i, of := range organizations {
		batch[i] = &call[int]{ctx: t.Context(), request: new(i), organizationID: organization(of), answer: make(chan outcome, 1)}
	}
	q.answer(batch, time.Now().Add(time.Minute), 1)
	for i, c := range batch {
		answer, err := (<-c.answer).told()
		switch {
		case slices.Contains(moved, i):
			if fault.CodeOf(err) != fault.Unavailable || len(db.MovedOrganizations(err)) != 1 {
				t.Errorf("request %d: %v", i, err)
			}
		case err != nil || int(answer.Ordinal) != i:
			t.Errorf("request %d: %+v, %v", i, answer, err)
		}
	}
	if want := [][]int{{0, 1, 2, 3, 4, 5, 6, 7}, {0, 3, 4, 6}, {5}, {7}}; !slices.EqualFunc(runs, want, slices.Equal) {
		t.Errorf("statements of %v, want %v", runs, want)
	}
}

// Guarantee: a refusal because of organizations that no call of the batch names ends: each is run alone.
func TestRefusalsOfNobodyEnd(t *testing.T) {
	t.Parallel()
	runs := 0
	q := &queue[int]{run: func(context.Context, db.DBTX, []*int) ([]*db.UsageAnswer, error) {
		runs++
		return nil, &pgconn.PgError{Code: "UB005"}
	}}
	batch := make([]*call[int], 3)
	for i := range batch {
		batch[i] = &call[int]{ctx: t.Context(), request: new(i), organizationID: organization(1), answer: make(chan outcome, 1)}
	}
	q.answer(batch, time.Now().Add(time.Minute), 1)
	for _, c := range batch {
		if o := <-c.answer; fault.CodeOf(db.Fault(o.err)) != fault.Unavailable {
			t.Errorf("%v", o.err)
		}
	}
	if runs != 4 {
		t.Errorf("%d statements, want 4", runs)
	}
}
