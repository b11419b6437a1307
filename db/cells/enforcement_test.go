package cells_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/cellstest"
	"bursar/db/dbtest"
	"bursar/enforce"
	"bursar/fault"
)

// promptly is how long what a signal announces may take on a busy machine.
const promptly = time.Minute

// budget gives a tenant's key a budget of tokens.
func budget(t *testing.T, tenant *dbtest.Tenant, in *cellstest.Database, tokens int64) {
	t.Helper()
	_, err := in.Owner.Exec(t.Context(), `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'NONE', $3, '{}')`, tenant.Organization.ID, tenant.Key.ID, tokens)
	if err != nil {
		t.Fatal(err)
	}
}

// held returns how many tokens a database's counters hold of an organization.
func held(t *testing.T, in *cellstest.Database, organizationID uuid.UUID) int64 {
	t.Helper()
	return query[int64](t, in.Owner, `select coalesce(sum(reserved_units), 0)::bigint from counters where organization_id = $1`, organizationID)
}

func query[T any](t *testing.T, pool *pgxpool.Pool, statement string, arguments ...any) (value T) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), statement, arguments...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

var errNotAllowed = errors.New("the call was not allowed")

// oneToken is a request for a token of a tenant's budget, which has no request id: that it is sent twice would be seen.
func oneToken(tenant *dbtest.Tenant) *enforce.ReserveRequest {
	fingerprint := sha256.Sum256(nil)
	return &enforce.ReserveRequest{
		Scope:       db.Scope{OrganizationID: tenant.Organization.ID, APIKeyID: tenant.Key.ID},
		Fingerprint: fingerprint[:], TTLSeconds: 600, Estimate: enforce.Estimate{Requests: 1, Tokens: 1},
	}
}

func newEnforcer(t *testing.T, set *cells.Set, config enforce.Config) *enforce.Enforcer {
	t.Helper()
	e := enforce.NewRouted(set.Enforcement(), config)
	t.Cleanup(e.Close)
	return e
}

// Guarantee: a server that has not heard that an organization was moved is granted nothing where it was: its call is decided where the organization is.
func TestStaleServersAreGrantedNothing(t *testing.T) {
	t.Parallel()
	for name, fenced := range map[string]bool{"fenced": true, "control without the fence": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := cellstest.New(t, server, "eu")
			home, eu := i.Home, i.Others[0]
			tenant := i.Tenant(home)
			budget(t, tenant, home, 10)
			e := newEnforcer(t, i.Set(), enforce.Config{Timeout: promptly})
			reserve := func() *db.UsageAnswer {
				answer, err := e.Reserve(t.Context(), oneToken(tenant))
				if err != nil || !answer.Allowed {
					t.Fatalf("%+v, %v", answer, err)
				}
				return answer
			}
			first := reserve()
			i.Move(tenant.Organization.ID, home, eu)
			if !fenced {
				_, err := home.Owner.Exec(t.Context(), `create or replace function lock_organizations(p_organization_ids uuid[]) returns void language sql as $$
					select from organizations o where o.id = any (p_organization_ids) order by o.id for no key update $$`)
				if err != nil {
					t.Fatal(err)
				}
			}
			reserve()
			wantHome, wantEU := int64(1), int64(2)
			if !fenced {
				wantHome, wantEU = 2, 1 // granted by both: what the fence is for
			}
			if atHome, inEU := held(t, home, tenant.Organization.ID), held(t, eu, tenant.Organization.ID); atHome != wantHome || inEU != wantEU {
				t.Errorf("%d tokens are held at home, %d in the cell, want %d, %d", atHome, inEU, wantHome, wantEU)
			}
			if fenced { // what was held before is released where it is now
				answer, err := e.Release(t.Context(), &enforce.HoldRequest{OrganizationID: tenant.Organization.ID, ReservationID: first.Reservation.ID})
				if err != nil || answer.Error != nil || held(t, eu, tenant.Organization.ID) != 1 {
					t.Errorf("release: %+v, %v, %d held", answer, err, held(t, eu, tenant.Organization.ID))
				}
			}
		})
	}
}

// Guarantee: clients whose organization is moved while they call wait, and each call gets an answer of the database that decides: none is refused, exactly
// the budget is admitted, and all who wait ask for the organization once between them.
func TestCallsWaitWhileTheirOrganizationIsMoved(t *testing.T) {
	t.Parallel()
	const clients, tokens = 64, 2000
	i := cellstest.New(t, server, "eu")
	home, eu := i.Home, i.Others[0]
	tenant := i.Tenant(eu)
	budget(t, tenant, eu, tokens)
	set := i.Set()
	e := newEnforcer(t, set, enforce.Config{Timeout: promptly})

	var admitted atomic.Int64
	var calling sync.WaitGroup
	quarters := make(chan struct{}, 3)
	note := func(answers ...*db.UsageAnswer) (more bool) {
		for _, answer := range answers {
			if !answer.Allowed {
				return false
			}
			if n := admitted.Add(1); n%(tokens/4) == 0 && n < tokens {
				quarters <- struct{}{}
			}
		}
		return true
	}
	for n := range clients {
		calling.Go(func() {
			for {
				if n%8 == 0 { // in a group, in its order
					outcomes := e.ReserveAll(t.Context(), tenant.Organization.ID, []*enforce.ReserveRequest{oneToken(tenant), nil, oneToken(tenant), oneToken(tenant)})
					var answers []*db.UsageAnswer
					last := ""
					for _, o := range outcomes {
						if o.Err != nil {
							t.Errorf("a call of a group: %v", o.Err)
							return
						}
						if o.Answer == nil {
							continue
						}
						answers = append(answers, o.Answer)
						if o.Answer.Allowed {
							if id := o.Answer.Reservation.ID.String()[:13]; id < last { // the millisecond
								t.Errorf("a call of a group was decided at %s, and the next one at %s", last, id)
							} else {
								last = id
							}
						}
					}
					if !note(answers...) {
						return
					}
					continue
				}
				answer, err := e.Reserve(t.Context(), oneToken(tenant))
				if err != nil {
					t.Errorf("a call: %v", err)
					return
				}
				if !note(answer) {
					return
				}
			}
		})
	}
	waits := func(number int64) {
		for set.Counts().Moved < number {
			select {
			case <-t.Context().Done():
				return
			case <-time.After(time.Millisecond):
			}
		}
	}
	<-quarters
	i.Leave(tenant.Organization.ID, eu)
	waits(1)
	i.Arrive(tenant.Organization.ID, eu, home)
	<-quarters
	i.Leave(tenant.Organization.ID, home) // and is given up
	waits(2)
	i.Return(tenant.Organization.ID, home)
	<-quarters
	i.Move(tenant.Organization.ID, home, eu)
	calling.Wait()
	if admitted.Load() != tokens || held(t, eu, tenant.Organization.ID) != tokens {
		t.Errorf("%d calls were admitted, and %d tokens are held, want %d", admitted.Load(), held(t, eu, tenant.Organization.ID), tokens)
	}
	if moved := set.Counts().Moved; moved > 10 {
		t.Errorf("the organization was waited for %d times, want about one for each time that it was refused: everybody waits together", moved)
	}
}

// Guarantee: a call that waits for its organization longer than its own time is UNAVAILABLE, and has taken no effect; the time begins with its arrival.
func TestCallsWaitNoLongerThanTheirTime(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	tenant := i.Tenant(i.Others[0])
	i.Leave(tenant.Organization.ID, i.Others[0])
	e := newEnforcer(t, i.Set(), enforce.Config{Timeout: 300 * time.Millisecond})
	began := time.Now()
	_, err := e.Reserve(t.Context(), oneToken(tenant))
	if fault.CodeOf(err) != fault.Unavailable || time.Since(began) < 300*time.Millisecond {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	for _, o := range e.ReserveAll(t.Context(), tenant.Organization.ID, []*enforce.ReserveRequest{oneToken(tenant), oneToken(tenant)}) {
		if fault.CodeOf(o.Err) != fault.Unavailable {
			t.Errorf("of a group: %+v", o)
		}
	}
	if n := query[int](t, i.Others[0].Owner, `select count(*) from reservations`); n != 0 {
		t.Errorf("%d reservations", n)
	}
}

// Guarantee: the operator, who names no organization, is answered by home or by the cell that is chosen, and where an organization is that has left there.
func TestOperatorsCallsGoWhereTheyAreSent(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	home, eu := i.Home, i.Others[0]
	atHome, inEU, moved := i.Tenant(home), i.Tenant(eu), i.Tenant(home)
	i.Move(moved.Organization.ID, home, eu)
	e := newEnforcer(t, i.Set(), enforce.Config{Timeout: promptly})
	reserve := func(ctx context.Context, tenant *dbtest.Tenant) error {
		request := oneToken(tenant)
		request.Scope.OrganizationID = uuid.Nil
		answer, err := e.Reserve(ctx, request)
		if err == nil && !answer.Allowed {
			return errNotAllowed
		}
		return err
	}
	for name, err := range map[string]error{
		"home":                     reserve(t.Context(), atHome),
		"the cell that is chosen":  reserve(cells.Choose(t.Context(), "eu"), inEU),
		"where it has been before": reserve(t.Context(), moved),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := reserve(t.Context(), inEU); !errors.Is(err, errNotAllowed) {
		t.Errorf("a key of a cell that was not chosen: %v", err)
	}
	if err := reserve(cells.Choose(t.Context(), "moon"), atHome); fault.CodeOf(err) != fault.BadUserInput {
		t.Errorf("a cell that does not exist: %v", err)
	}
}

// Guarantee: a cell that is stopped, or hangs, fails the calls of its own organizations as UNAVAILABLE, and holds up no other cell's, known or not.
func TestLostCellsHoldUpNobody(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*cellstest.Line){"stopped": (*cellstest.Line).Cut, "hanging": (*cellstest.Line).Silence} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, lost := range []string{cells.Home, "eu"} {
				i := cellstest.New(t, server, "eu", "us")
				at, us := i.Home, i.Others[1]
				if lost != cells.Home {
					at = i.Others[0]
				}
				known, unknown, gone := i.Tenant(us), i.Tenant(us), i.Tenant(at)
				set := i.Set()
				e := newEnforcer(t, set, enforce.Config{Timeout: 3 * time.Second, Lanes: 1, MaxBatch: 4, MaxQueue: 16})
				for _, tenant := range []*dbtest.Tenant{known, gone} {
					if _, err := e.Reserve(t.Context(), oneToken(tenant)); err != nil {
						t.Fatal(err)
					}
				}
				lose(at.Line)
				var lostCalls sync.WaitGroup
				for range 8 { // as many as wait in a lane
					lostCalls.Go(func() {
						if _, err := e.Reserve(t.Context(), oneToken(gone)); fault.CodeOf(err) != fault.Unavailable {
							t.Errorf("a call of the lost cell: %v", err)
						}
					})
				}
				for range 20 {
					if _, err := e.Reserve(t.Context(), oneToken(known)); err != nil {
						t.Errorf("a call whose cell is known: %v", err)
					}
				}
				if _, err := e.Reserve(t.Context(), oneToken(unknown)); err != nil {
					t.Errorf("a call whose cell is not known: %v", err)
				}
				if name == "hanging" && lost == cells.Home && set.Asked(lost) == 0 {
					t.Error("home was waited for")
				}
				lostCalls.Wait()
			}
		})
	}
}
