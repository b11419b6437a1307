package move

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/enforce"
)

// routed is a server of the API that has an enforcer on each database and remembers which one has decided last. It may be wrong: it asks the other when it is refused.
type routed struct {
	enforcers [2]*enforce.Enforcer
	guess     atomic.Int32
	moved     atomic.Int64 // refusals because the organization was elsewhere
}

func (f *fixture) routed() *routed {
	f.T.Helper()
	r := &routed{}
	for i, pool := range []*pgxpool.Pool{f.Pool, f.eu} {
		r.enforcers[i] = enforce.New(server.Pool(f.T, pool.Config().ConnString()), enforce.Config{Lanes: 1})
		f.T.Cleanup(r.enforcers[i].Close)
	}
	return r
}

// reserve asks until a database decides.
func (r *routed) reserve(request *enforce.ReserveRequest) (*db.UsageAnswer, error) {
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for {
		guess := r.guess.Load()
		answer, err := r.enforcers[guess].Reserve(context.Background(), request)
		if db.MovedOrganizations(err) == nil {
			return answer, err
		}
		r.moved.Add(1)
		r.guess.CompareAndSwap(guess, 1-guess)
		<-pause.C
	}
}

// Guarantee: of a budget exactly as much is admitted as it has, 5,120, while its organization moves from one database to the other and back ten times, and 32
// clients of two servers ask for it. Each client gets an answer, none an error, and the books of both databases are right in the end.
func TestExactlyTheBudgetIsAdmittedAcrossMoves(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "moves an organization ten times under load")
	const budget, clients, moves, tickets = 5120, 32, 10, 600
	f := newFixture(t)
	f.budget(db.LimitPeriodNONE, budget)
	servers := []*routed{f.routed(), f.routed()}
	may := make(chan int, moves*tickets) // requests that clients send
	var admitted, denied atomic.Int64
	var waiting sync.WaitGroup
	for client := range clients {
		waiting.Go(func() {
			for n := range may {
				request := f.reserveRequest(fmt.Sprint("request ", n), 1)
				answer, err := servers[client%2].reserve(request)
				switch {
				case err != nil:
					t.Errorf("request %d: %v", n, err)
				case answer.Allowed:
					admitted.Add(1)
				default:
					denied.Add(1)
				}
				if n%10 == 0 { // the same request again has the same answer, and is not admitted twice
					again, err := servers[1-client%2].reserve(request)
					if err != nil || again.Allowed != answer.Allowed {
						t.Errorf("request %d, sent again: %v", n, err)
					}
				}
			}
		})
	}
	for i := range moves {
		m := f.begin([]string{"eu", "home"}[i%2])
		m.after = func(s step) error {
			switch s {
			case stepArriving:
				for n := range tickets / 2 {
					may <- i*tickets + n
				}
			case stepLeaving: // these wait until it has moved
				for n := range tickets / 2 {
					may <- i*tickets + tickets/2 + n
				}
			}
			return nil
		}
		if err := m.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(may)
	waiting.Wait()
	equal(t, "admitted", admitted.Load(), budget)
	equal(t, "denied", denied.Load(), moves*tickets-budget)
	equal(t, "held", value[int64](t, f.Pool, `select count(*) from reservations where organization_id = $1 and status = 'HELD'`, f.Organization.ID), budget)
	if servers[0].moved.Load()+servers[1].moved.Load() == 0 {
		t.Error("nobody was refused: there was no load")
	}
	f.verified()
}

// Guarantee: a server that does not know of a move is granted nothing. It would be, and the budget exceeded, without the fence.
func TestStaleServersAreGrantedNothing(t *testing.T) {
	t.Parallel()
	unfenced := `create or replace function lock_organizations(p_organization_ids uuid[]) returns void language plpgsql volatile as $$
		begin perform 1 from organizations o where o.id = any (p_organization_ids) order by o.id for no key update; end $$`
	for name, c := range map[string]struct {
		prepare string
		want    int
	}{"with the fence": {"select", 10}, "without it": {unfenced, 14}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			exec(t, f.Pool, c.prepare)
			f.budget(db.LimitPeriodNONE, 10)
			stale, knowing := enforce.New(f.Pool, enforce.Config{Lanes: 1}), enforce.New(f.eu, enforce.Config{Lanes: 1})
			defer stale.Close()
			defer knowing.Close()
			admitted := 0
			ask := func(on *enforce.Enforcer, name string) {
				for n := range 6 {
					answer, err := on.Reserve(t.Context(), f.reserveRequest(fmt.Sprint(name, n), 1))
					if err != nil && db.MovedOrganizations(err) == nil {
						t.Error(err)
					}
					if err == nil && answer.Allowed {
						admitted++
					}
				}
			}
			ask(stale, "before")
			f.move("eu")
			ask(stale, "stale")
			ask(knowing, "after")
			equal(t, "admitted of 10", admitted, c.want)
		})
	}
}

// Guarantee: rows that are booked after a move are rolled up. Without raising the target's sequence of positions they never would be.
func TestPositionsGoOn(t *testing.T) {
	t.Parallel()
	unraised := `create or replace function move_raise_position(p_position bigint) returns void language sql as ''`
	for name, c := range map[string]struct {
		prepare string
		want    int64
	}{"raised": {"select", 0}, "not raised": {unraised, 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Load(dbtest.Large{Keys: 5, Events: 1000, Tail: 100, Month: month().AddDate(0, -1, 0)})
			exec(t, f.eu, c.prepare)
			f.move("eu")
			f.rollUp(f.eu)
			enforcer := enforce.New(f.eu, enforce.Config{Lanes: 1})
			defer enforcer.Close()
			for n := range 10 {
				if answer, err := enforcer.Record(t.Context(), f.recordRequest(fmt.Sprint(n), 1)); err != nil || answer.Error != nil {
					t.Fatal(err)
				}
			}
			equal(t, "rows that are never rolled up", f.unrolled(f.eu), c.want)
		})
	}
}

// Guarantee: the position after the one that the sequence is raised to is the next, whether or not one was drawn before; and a sequence that is further stays where it is.
func TestRaisePosition(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for _, c := range []struct{ drawn, raised, next int64 }{{0, 1, 2}, {0, 7, 8}, {1, 1, 2}, {3, 2, 4}, {3, 3, 4}, {3, 9, 10}, {0, 0, 1}} {
		exec(t, pool, `alter sequence usage_events_position_seq restart`)
		for range c.drawn {
			exec(t, pool, `select nextval('usage_events_position_seq')`)
		}
		exec(t, pool, `select move_raise_position($1)`, c.raised)
		equal(t, fmt.Sprintf("the next after %+v", c), value[int64](t, pool, `select nextval('usage_events_position_seq')`), c.next)
	}
}
