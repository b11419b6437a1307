package test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/sql"
)

// Calls with which servers of the last release change limits, and under way while the upgrade replaces functions and what they answer with, end
// as they would have: with the limit's row.
func TestCallsUnderWayEndWithTheirRows(t *testing.T) {
	t.Parallel()
	for _, r := range storedReleases(t) {
		if r.number < sql.ThisRelease().Oldest || r.number == sql.ThisRelease().Number {
			continue
		}
		t.Run(strconv.Itoa(r.number), func(t *testing.T) {
			t.Parallel()
			_, pool := r.restore(t)
			upgraded, replacing, waiting := make(chan error, 1), make(chan struct{}), make(chan struct{})
			logger := slog.New(&afterPolicies{Handler: slog.DiscardHandler, left: newPolicies(t, pool), call: func() {
				close(replacing)
				<-waiting
			}})
			go func() { upgraded <- sql.Up(context.WithoutCancel(t.Context()), pool, logger) }()
			select {
			case <-replacing:
			case err := <-upgraded:
				t.Fatalf("the upgrade does not make the policies: %v", err)
			case <-time.After(waitTimeout):
				t.Fatal("the upgrade does not come to the policies")
			}
			lock, err := pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = lock.Rollback(context.Background()) }) // a test that failed leaves it
			l := limitCalls{T: t, pool: pool}
			if err := lock.QueryRow(t.Context(), `select o.id, b.id, r.id from organizations o
				join limits b on b.organization_id = o.id and b.kind = 'BUDGET' join limits r on r.organization_id = o.id and r.kind = 'RATE'
				order by b.id, r.id limit 1 for no key update of o`).Scan(&l.organization, &l.budget, &l.rate); err != nil {
				t.Fatal(err)
			}
			l.begin()
			close(waiting)
			dbtest.Await(t, pool, `select count(distinct split_part(identity, '(', 1)) = 4 from schema_objects where kind = 'FUNCTION' and release = $1
				and identity similar to '(create|update_budget|update_rate|reset_budget)_limit\(%'`, sql.ThisRelease().Number)
			if err := lock.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			l.working.Wait()
			if err := <-upgraded; err != nil {
				t.Fatal(err)
			}
		})
	}
}

// limitCalls are calls that change limits of an organization.
type limitCalls struct {
	*testing.T
	pool                       *pgxpool.Pool
	organization, budget, rate uuid.UUID
	working                    sync.WaitGroup
}

// begin begins them, and returns when all wait for their organization.
func (l *limitCalls) begin() {
	calls := map[string][]any{
		`create_limit($1, null, null, 'RATE', 'TOKENS', 'DAY', 7, '{}')`: {l.organization},
		`update_budget_limit($1, $2, null, null, null, '{7}')`:           {l.organization, l.budget},
		`reset_budget_limit($1, $2)`:                                     {l.organization, l.budget},
		`update_rate_limit($1, $2, 7)`:                                   {l.organization, l.rate},
	}
	for call, arguments := range calls {
		l.working.Go(func() {
			var id uuid.UUID
			if err := l.pool.QueryRow(context.WithoutCancel(l.Context()), `select id from `+call, arguments...).Scan(&id); err != nil {
				l.Errorf("%s: %v", call, err)
			}
		})
	}
	dbtest.AwaitLocked(l, l.pool, len(calls), "_limit($1")
}

// newPolicies returns the identities of policies on organizations that an upgrade of a database makes. It waits for who reads organizations.
func newPolicies(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	const query = `select array_agg(format('%s on %s: %s %s', policyname, tablename, qual, with_check)) from pg_policies where tablename = 'organizations'`
	var old, all []string
	if err := errors.Join(pool.QueryRow(t.Context(), query).Scan(&old), postgres.New(t).QueryRow(t.Context(), query).Scan(&all)); err != nil {
		t.Fatal(err)
	}
	var identities []string
	for _, policy := range all {
		if !slices.Contains(old, policy) {
			identity, _, _ := strings.Cut(policy, ":")
			identities = append(identities, identity)
		}
	}
	return identities
}

// afterPolicies is a log that calls a function once an upgrade has made some policies, and has replaced the functions that policies call, but no others.
type afterPolicies struct {
	slog.Handler
	left   []string // their identities
	call   func()
	called bool
}

func (*afterPolicies) Enabled(context.Context, slog.Level) bool { return true }

// Handle calls the function after the last of the policies.
func (h *afterPolicies) Handle(_ context.Context, r slog.Record) error {
	if !strings.HasPrefix(r.Message, "made the ") {
		return nil
	}
	r.Attrs(func(a slog.Attr) bool {
		h.left = slices.DeleteFunc(h.left, func(identity string) bool { return identity == a.Value.String() })
		return true
	})
	if len(h.left) == 0 && !h.called {
		h.called = true
		h.call()
	}
	return nil
}
