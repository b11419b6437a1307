package db_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
)

// audit returns the tenant's audit log, oldest first.
func (g *gateway) audit() []*db.AuditEntry {
	g.T.Helper()
	entries, err := db.New().ListAuditLog(context.Background(), g.Pool, &db.ListAuditLogParams{OrganizationID: g.Organization.ID, Number: 1000})
	must(g.T, 0, err)
	for i, j := 0, len(entries)-1; i < j; i, j = i+1, j-1 {
		entries[i], entries[j] = entries[j], entries[i]
	}
	return entries
}

// Every change of the control plane writes one entry in its transaction, with who, by what, in which request and why,
// before and after; none holds a secret or a hash.
func TestEveryChangeIsAudited(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	budget, rate := g.tokenBudget(100, 50), g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 5)
	secret := auth.NewSecret(auth.APIKeyPrefix)
	token, err := db.New().CreateAccessToken(ctx, g.Pool, &db.CreateAccessTokenParams{OrganizationID: g.Organization.ID,
		Name: "token", Role: db.TokenRoleADMIN, Prefix: "p", TokenHash: secret.Hash})
	must(t, 0, err)
	for _, c := range []struct {
		statement string
		arguments []any
		target    string
		entries   int
	}{
		{`update organizations set name = 'New' where id = $1`, []any{g.Organization.ID}, "org", 1},
		{`insert into workspaces (organization_id, name, slug) values ($1, 'W', 'w')`, []any{g.Organization.ID}, "ws", 1},
		{`insert into members (organization_id, email, role) values ($1, 'x@acme.test', 'OWNER')`, []any{g.Organization.ID}, "mem", 1},
		{`update members set role = 'MEMBER' where id = $1`, []any{g.Owner.ID}, "mem", 1},
		{`update access_tokens set revoked_at = now() where id = $1`, []any{token}, "tok", 1},
		{`update api_keys set enabled = false where id = $1`, []any{g.Key.ID}, "key", 1},
		{`update api_keys set metadata = '{"team": "red"}' where id = $1`, []any{g.Key.ID}, "key", 1},
		{`select rotate_api_key($1, $2, $3, 'bsr_new', 60)`, []any{g.Organization.ID, g.Key.ID, secret.Hash}, "key", 3}, // the prefix, the old secret, the new one
		{`insert into recipients (organization_id, api_key_id, email) values ($1, $2, 'A@acme.test')`, []any{g.Organization.ID, g.Key.ID}, "key", 1},
		{`delete from recipients where organization_id = $1`, []any{g.Organization.ID}, "key", 1},
		{`select create_limit($1, null, $2, 'BUDGET', 'COST', 'MONTHLY', 2500000000, '{1000000000}')`, []any{g.Organization.ID, g.Key.ID}, "bud", 1},
		{`select update_budget_limit($1, $2, null, null, 200, null)`, []any{g.Organization.ID, budget}, "bud", 1},
		{`select update_budget_limit($1, $2, null, null, 200, null)`, []any{g.Organization.ID, budget}, "bud", 0}, // as it was
		{`select update_budget_limit($1, $2, null, 'WEEKLY', null, null)`, []any{g.Organization.ID, budget}, "bud", 1},
		{`select reset_budget($1, $2)`, []any{g.Organization.ID, budget}, "bud", 1},
		{`select update_rate_limit($1, $2, 6)`, []any{g.Organization.ID, rate}, "rat", 1},
		{`select delete_limit($1, $2, 'RATE')`, []any{g.Organization.ID, rate}, "rat", 1},
	} {
		before := len(g.audit())
		must(t, 0, db.InTx(ctx, g.Pool, db.Actor{Name: "tok_1", Action: "theMutation", RequestID: "req-1", Reason: "audit"}, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, c.statement, c.arguments...)
			return err
		}))
		entries := g.audit()[before:]
		equal(t, "entries of "+c.statement, len(entries), c.entries)
		for _, e := range entries {
			equal(t, "actor", e.Actor, "tok_1")
			equal(t, "action", e.Action, "theMutation")
			equal(t, "request", text(e.RequestID), "req-1")
			equal(t, "reason", text(e.Reason), "audit")
			equal(t, "target of "+c.statement, e.TargetType, c.target)
			if c.entries > 1 {
				continue
			}
			equal(t, "before", e.Before == nil, strings.HasPrefix(c.statement, "insert") || strings.Contains(c.statement, "create_"))
			equal(t, "after", e.After == nil, strings.Contains(c.statement, "delete"))
		}
	}
	for _, e := range g.audit() {
		both := string(e.Before) + string(e.After)
		for _, hidden := range []string{secret.Text, g.Secret.Text, hex.EncodeToString(secret.Hash), hex.EncodeToString(g.Secret.Hash), "hash", "Hash"} {
			if strings.Contains(both, hidden) {
				t.Errorf("%s %s holds %q", e.Action, e.TargetType, hidden)
			}
		}
	}
}

// An entry is told in a client's words: GraphQL's names, external ids, amounts in dollars.
func TestAuditSpeaksTheAPI(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 2_500_000_000, dollar)
	g.book(reportCost(1))
	g.raise(budget, 3*dollar)
	entries := g.audit()
	last := entries[len(entries)-1]
	var before, after map[string]any
	must(t, 0, json.Unmarshal(last.Before, &before))
	must(t, 0, json.Unmarshal(last.After, &after))
	equal(t, "amount before", before["amount"].(string), "2.5")
	equal(t, "amount after", after["amount"].(string), "3")
	equal(t, "used", after["used"].(string), "0.000000001")
	equal(t, "thresholds", after["alertThresholds"].([]any)[0].(string), "1")
	equal(t, "key", after["apiKeyId"].(string), g.Key.ExternalID())
	equal(t, "organization", after["organizationId"].(string), g.Organization.ExternalID())
	equal(t, "target", last.ExternalTargetID(), g.limit(budget).ExternalID())
}

// A change that is rolled back leaves no entry.
func TestRolledBackChangeIsNotAudited(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	before := len(g.audit())
	broken := errors.New("broken")
	err := db.InTx(ctx, g.Pool, db.Actor{Name: "root", Action: "updateApiKey"}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update api_keys set enabled = false`); err != nil {
			return err
		}
		return broken
	})
	equal(t, "error", errors.Is(err, broken), true)
	equal(t, "entries", len(g.audit())-before, 0)
}

// Without a server's word the database role and the statement are noted; an actor does not outlive its transaction.
func TestChangesBehindTheServersBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	session, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	defer session.Release()
	must(t, 0, pgx.BeginFunc(ctx, session, func(tx pgx.Tx) error {
		return db.New().SetActor(ctx, tx, &db.SetActorParams{Actor: "tok_1", Action: "x"})
	}))
	_, err = session.Exec(ctx, `update api_keys set enabled = false`)
	must(t, 0, err)
	entries := g.audit()
	last := entries[len(entries)-1]
	equal(t, "actor", last.Actor, "sql:"+query[string](g, `select session_user::text`))
	equal(t, "action", last.Action, "update api_keys")
	equal(t, "request", last.RequestID, nil)
}

// Enforcement writes no entry: reserving, recording, rolling, alerting, expiring and sweeping are not the control plane.
func TestEnforcementIsNotAudited(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 10)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 10)
	before := len(g.audit())
	g.book(reportTokens(20).settling(g.admit(estimateTokens(20))))
	g.release(g.admit(estimateTokens(20)))
	g.extend(g.admit(estimateTokens(50)), 3600e9)
	g.deny(estimateTokens(90), db.DenialReasonBUDGETEXHAUSTED)
	later := g.after(14 * 24 * 3600 * 1e9)
	later.book(reportTokens(100))
	later.sweep()
	later.closePeriods()
	g.rollUp()
	equal(t, "entries", len(g.audit())-before, 0)
}
