package enforce

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/fault"
)

// pair is a route between two databases that are never connected to: all organizations are in the first as far as is known, and in the second in truth.
type pair struct {
	pools [2]*pgxpool.Pool

	mutex sync.Mutex
	moved []uuid.UUID // what was asked for
	err   error       // of Moved; nil: the second database is the answer
}

func (p *pair) Of(context.Context, *uuid.UUID) (*pgxpool.Pool, error) { return p.pools[0], nil }
func (p *pair) All() []*pgxpool.Pool                                  { return p.pools[:] }
func (p *pair) Moved(_ context.Context, organizationID uuid.UUID, _ *pgxpool.Pool) (*pgxpool.Pool, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.moved = append(p.moved, organizationID)
	return p.pools[1], p.err
}

// newPair returns an enforcer on two databases, each with one queue of numbers, in batches of two.
func newPair(t *testing.T, first, second statement[int]) (*Enforcer, *pair, func(*lane) *queue[int]) {
	t.Helper()
	route := &pair{pools: [2]*pgxpool.Pool{new(pgxpool.Pool), new(pgxpool.Pool)}}
	one, other := &lane{}, &lane{}
	queues := map[*lane]*queue[int]{}
	for l, run := range map[*lane]statement[int]{one: first, other: second} {
		queues[l] = newQueueOf(t, Config{MaxBatch: 2, MaxQueue: 100, Timeout: time.Minute}, run)
	}
	e := &Enforcer{route: route, each: map[*pgxpool.Pool]*lanes{route.pools[0]: {one}, route.pools[1]: {other}}, timeout: time.Minute}
	return e, route, func(l *lane) *queue[int] { return queues[l] }
}

// noting returns a statement that notes what it is asked, and refuses batches with a number from a bound on.
func noting(ran *[][]int, refusedFrom int) statement[int] {
	return func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
		var numbers []int
		answers := make([]*db.UsageAnswer, len(batch))
		for i, n := range batch {
			numbers, answers[i] = append(numbers, *n), &db.UsageAnswer{Ordinal: int32(*n)} //nolint:gosec // small
		}
		*ran = append(*ran, numbers)
		if slices.Max(numbers) >= refusedFrom {
			return nil, &pgconn.PgError{Code: "UB005", Detail: `["` + organization(1).String() + `"]`}
		}
		return answers, nil
	}
}

const nothing = 1000 // is refused: no number is as great

// Guarantee: of calls that come together those go to the other database that were refused because the organization is moved, and all that come after them, in
// their order: the first database is asked for none of these, and what it has answered is asked of nobody again.
func TestGroupsGoOnWhereTheirOrganizationIs(t *testing.T) {
	t.Parallel()
	var first, second [][]int
	e, route, of := newPair(t, noting(&first, 2), noting(&second, nothing))
	requests := numbers(0, 7)
	requests[5] = nil
	for i, o := range doAll(t.Context(), e, organization(1), requests, of) {
		if i == 5 && o == (Outcome{}) {
			continue
		}
		if o.Err != nil || int(o.Answer.Ordinal) != i {
			t.Errorf("request %d: %+v", i, o)
		}
	}
	if want := [][]int{{0, 1}, {2, 3}}; !slices.EqualFunc(first, want, slices.Equal) {
		t.Errorf("the first database was asked for %v, want %v", first, want)
	}
	if want := [][]int{{2, 3}, {4, 6}}; !slices.EqualFunc(second, want, slices.Equal) {
		t.Errorf("the second database was asked for %v, want %v", second, want)
	}
	if !slices.Equal(route.moved, []uuid.UUID{organization(1)}) {
		t.Errorf("it was asked where %v are", route.moved)
	}
}

// Guarantee: a call of the operator, who names no organization, goes where the organization is because of which it was refused.
func TestOperatorsCallsFollowTheOrganization(t *testing.T) {
	t.Parallel()
	var first, second [][]int
	e, route, of := newPair(t, noting(&first, 0), noting(&second, nothing))
	answer, err := do(t.Context(), e, uuid.Nil, new(3), of)
	if err != nil || answer.Ordinal != 3 || !slices.Equal(route.moved, []uuid.UUID{organization(1)}) {
		t.Errorf("%+v, %v, asked for %v", answer, err, route.moved)
	}
}

// Guarantee: while it is not known where an organization is, its calls fail with that error, and no other call does.
func TestCallsOfLostOrganizationsFail(t *testing.T) {
	t.Parallel()
	var first, second [][]int
	e, route, of := newPair(t, noting(&first, 2), noting(&second, nothing))
	route.err = fault.ErrMoved
	outcomes := doAll(t.Context(), e, organization(1), numbers(0, 4), of)
	for i, o := range outcomes {
		if lost := i >= 2; lost != (fault.CodeOf(o.Err) == fault.Unavailable) {
			t.Errorf("request %d: %+v", i, o)
		}
	}
	if _, err := do(t.Context(), e, organization(1), new(3), of); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a call: %v", err)
	}
	if len(second) > 0 {
		t.Errorf("the second database was asked for %v", second)
	}
}

// Guarantee: where there is one database, a call costs what its queue costs: nothing is asked, waited for or allocated to know where its organization is.
func TestOneDatabaseIsAskedAtOnce(t *testing.T) {
	run := func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
		return []*db.UsageAnswer{{}}, nil
	}
	q := newQueueOf(t, Config{MaxBatch: 1, MaxQueue: 100, Timeout: time.Minute}, run)
	e := &Enforcer{lanes: lanes{&lane{}}, timeout: time.Minute}
	ctx, request, of := t.Context(), new(1), func(*lane) *queue[int] { return q }
	const number = 1000
	byQueue := testing.AllocsPerRun(number, func() { _, _ = q.do(ctx, organization(1), request, time.Now()) })
	byEnforcer := testing.AllocsPerRun(number, func() { _, _ = do(ctx, e, organization(1), request, of) })
	if byEnforcer > byQueue {
		t.Errorf("a call allocates %v times, and %v times in its queue", byEnforcer, byQueue)
	}
}
