package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
)

// createOnce creates a workspace under a request id, on a connection of the tenant's pool.
func (g *gateway) createOnce(requestID, slug string, contents ...any) (*db.ControlRequest, bool, error) {
	var made *db.ControlRequest
	var replayed bool
	err := pgx.BeginFunc(context.Background(), g.Pool, func(tx pgx.Tx) (err error) {
		claim := &db.ClaimControlRequestParams{OrganizationID: g.Organization.ID, RequestID: requestID, Fingerprint: digest(contents...)}
		made, replayed, err = db.Once(context.Background(), tx, claim, func(made *db.ControlRequest) error {
			workspace, err := db.New().CreateWorkspace(context.Background(), tx,
				&db.CreateWorkspaceParams{OrganizationID: g.Organization.ID, Name: "x", Slug: slug})
			if err == nil {
				made.ObjectID, made.SecretPrefix = &workspace.ID, &workspace.Slug
			}
			return err
		})
		return err
	})
	return made, replayed, err
}

// Of a hundred concurrent repeats of one request exactly one takes effect, and all others are told of it; in another organization
// the same id is another request; the same id with other contents is a mismatch.
func TestConcurrentRepeatsTakeEffectOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	var first atomic.Int64
	var callers sync.WaitGroup
	ids := make([]string, 100)
	for i := range ids {
		callers.Go(func() {
			made, replayed, err := g.createOnce("r", "once", "a")
			if err != nil {
				t.Error(err)
				return
			}
			if !replayed {
				first.Add(1)
			}
			ids[i] = made.ObjectID.String() + *made.SecretPrefix
		})
	}
	callers.Wait()
	equal(t, "took effect", first.Load(), 1)
	equal(t, "workspaces", query[int](g, `select count(*) from workspaces where slug = 'once'`), 1)
	for _, id := range ids {
		equal(t, "what was made", id, ids[0])
	}
	_, _, err := g.createOnce("r", "once", "b")
	equal(t, "other contents", fault.CodeOf(err), fault.IdempotencyMismatch)
	_, replayed, err := g.neighbour().createOnce("r", "once", "a")
	equal(t, "in another organization", must(t, replayed, err), false)
}

// A request that failed may be sent again: it has left no trace, and one that waited for it takes effect.
func TestFailedRequestIsForgotten(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	_, _, err := g.createOnce("r", "no slug", "a")
	equal(t, "malformed", violated(err), "workspaces_slug_check")
	equal(t, "request ids", query[int](g, `select count(*) from control_requests`), 0)

	failed, waited := errors.New("the first fails"), make(chan bool, 1)
	err = pgx.BeginFunc(t.Context(), g.Pool, func(tx pgx.Tx) error {
		_, err := db.New().ClaimControlRequest(t.Context(), tx,
			&db.ClaimControlRequestParams{OrganizationID: g.Organization.ID, RequestID: "r", Fingerprint: digest("a")})
		must(t, 0, err)
		go func() {
			_, replayed, err := g.createOnce("r", "second", "a")
			waited <- err == nil && !replayed
		}()
		dbtest.AwaitLocked(t, g.Pool, 1, "control_requests")
		return failed
	})
	equal(t, "the first", errors.Is(err, failed), true)
	equal(t, "the second took effect", <-waited, true)
	equal(t, "workspaces", query[int](g, `select count(*) from workspaces where slug = 'second'`), 1)
}
