package graph_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/graph"
)

// Pages join without a gap or a repetition, and their cursors hold while keys are added.
func TestPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 7 {
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": fmt.Sprintf("key %d", i)}})
	}
	seen, after := map[string]bool{}, any(nil)
	for page := 0; ; page++ {
		list := a.run(a.viewer, "ApiKeys", object{"filter": object{"ownerId": a.organizationID()}, "first": 3, "after": after})
		list.equal(page > 0, "apiKeys", "pageInfo", "hasPreviousPage")
		for i := range list.get("apiKeys", "edges").([]any) {
			seen[list.text("apiKeys", "edges", i, "node", "id")] = true
		}
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": "newer"}})
		after = list.get("apiKeys", "pageInfo", "endCursor")
		if list.get("apiKeys", "pageInfo", "hasNextPage") == false {
			break
		}
	}
	if len(seen) != 7 {
		t.Fatalf("%d keys in the pages, want 7", len(seen))
	}
}

// A page of 100 keys with limits, recipients, owner and creator costs at most 8 SQL statements.
func TestStatementsOfAPage(t *testing.T) {
	t.Parallel()
	url := postgres.NewURL(t)
	a := serve(t, postgres.Pool(t, url))
	for range 100 {
		a.tenant.Factory.Key(a.tenant.Organization.ID, &a.tenant.Workspace.ID, &a.tenant.Owner.ID)
		a.tenant.Factory.Key(a.tenant.Organization.ID, nil, &a.tenant.Owner.ID)
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	var counter statementCounter
	config.ConnConfig.Tracer = &counter
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	// a busy machine may take its time to start a hundred look-ups
	server := graph.New(graph.Config{
		Pool: pool, RootToken: rootToken, Gather: time.Second, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	listener := httptest.NewServer(server)
	t.Cleanup(func() { listener.Close(); server.Close() })
	counted := *a
	counted.url = listener.URL
	counted.run(rootToken, "ApiKeys", object{"first": 100}).equal(201, "apiKeys", "totalCount")
	if n := counter.statements.Load(); n == 0 || n > 8 {
		t.Fatalf("%d statements, want 1 to 8", n)
	}
}

type statementCounter struct{ statements atomic.Int64 }

func (c *statementCounter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.statements.Add(1)
	return ctx
}

func (c *statementCounter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// When a budget is full its key's status is EXHAUSTED until a raise, a manual reset or its deletion; each works at once.
func TestKeyStatus(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	status := func(want string) {
		t.Helper()
		a.run(a.viewer, "ApiKey", object{"id": a.keyID()}).equal(want, "apiKey", "status")
		a.run(a.viewer, "ApiKeys", object{"filter": object{"status": want}}).equal(1, "apiKeys", "totalCount")
	}
	spend := func(tokens int) {
		t.Helper()
		a.run(a.gateway, "RecordUsage", object{"input": object{"key": a.keyID(), "inputTokens": tokens}})
	}
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10}}).
		text("createBudgetLimit", "budgetLimit", "id")
	status("ACTIVE")
	spend(10)
	status("EXHAUSTED")
	a.run(a.admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 11}})
	status("ACTIVE")
	spend(1)
	status("EXHAUSTED")
	a.run(a.admin, "ResetBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	spend(11)
	status("EXHAUSTED")
	a.run(a.admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "enabled": false}})
	status("DISABLED")
	a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "expiresAt": "2020-01-01T00:00:00Z"}})
	status("EXPIRED")
	cleared := a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "expiresAt": nil, "enabled": true}})
	cleared.equal("ACTIVE", "updateApiKey", "apiKey", "status")
	a.run(a.admin, "RevokeApiKey", object{"input": object{"id": a.keyID()}})
	status("REVOKED")
}
