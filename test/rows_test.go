package test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// fillTables has a program work on an empty database until every table has rows, and returns the program, which goes on.
func fillTables(t *testing.T, url string) *process {
	t.Helper()
	dev := run(t, append(serverEnvironment(url), "BURSAR_LOG_FORMAT=text"), "dev", "--data-dir", t.TempDir())
	address := dev.await(`ready at (http://[0-9.:]+)`)
	f, pool := newFleet(t, url, 0), postgres.Pool(t, url)
	f.urls = make([]atomic.Pointer[string], 1)
	f.urls[0].Store(&address)
	dropMonth(t, f, pool)

	n := newTenant(f, "full")
	n.widen()
	secret, key := n.key(nil)
	newRound(n, "budget", key, secret, tightCost("MONTHLY")).run(4, 0, nil) // reserves, records, extends, releases, is denied
	// until the program has imported its list, others wait to set a price
	dbtest.Await(t, pool, `select count(*) > 1000 from prices`)
	priceAgain(n, secret)
	limits := n.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": n.workspace, "type": "COST", "amount": "50", "periodicReset": "NONE"})
	n.once(0, rootToken, "RaiseBudget", object{"id": limits.Data.CreateBudgetLimit.BudgetLimit.ID, "by": "5"})
	n.once(0, rootToken, "ResetBudgetLimit", object{"id": limits.Data.CreateBudgetLimit.BudgetLimit.ID})
	n.once(0, rootToken, "RotateApiKey", object{"id": key, "transitionSeconds": 600})
	n.once(0, rootToken, "RotateApiKey", object{"id": key, "requestId": "full"})
	n.once(0, rootToken, "RemoveMember", object{"id": n.once(0, rootToken, "AddMember",
		object{"organizationId": n.organization, "email": "left@full.test", "role": "MEMBER"}).Data.AddMember.Member.ID})
	n.once(0, rootToken, "AddRecipients", object{"subjectId": key, "emails": []string{"team@full.test"}})
	n.once(0, n.gateway, "ReportOutage", object{"requestId": "full outage", "beganAt": "2026-01-01T00:00:00Z", "endedAt": "2026-01-01T00:01:00Z", "calls": 1, "cost": "0.5",
		"keys": []object{{"apiKeyId": key, "calls": 1, "cost": "0.5"}}})
	_, organization, _ := id.Parse(n.organization)
	for _, statement := range []string{
		`insert into organization_quotas (organization_id, name, maximum) values ($1, 'MEMBERS', 50)`,
		// a home whose only cell the organization was to move to
		`with made as (insert into cells (name, incarnation) values ('home', uuid_v7()), ('full', uuid_v7()) returning name, incarnation)
		insert into cell_identity (name, installation, incarnation, home) select name, incarnation, incarnation, incarnation from made where name = 'home'`,
		`insert into organization_cells (organization_id, slug, cell) select o.id, o.slug, 'home' from organizations o`,
		`insert into organization_moves (organization_id, source, target, state, moved_by) values ($1, 'home', 'full', 'ABORTED', 'test')`,
		`insert into imported_objects (source, kind, external_id, organization_id, object_id) values ('litellm', 'ORGANIZATION', 'full', $1, $1)`,
		// a provider's refusal, and a call to it that is not due: nothing here has a provider
		`insert into suppressed_addresses (organization_id, address, reason) values ($1, 'gone@full.test', 'BOUNCED')`,
		`with call as (insert into mail_calls (next_attempt_at) values ('2100-01-01') returning id)
		insert into mails (organization_id, call_id, position, message) select $1, id, 1, '{"to": "team@full.test"}' from call`,
		`insert into estimate_rules (organization_id, policy) values ($1, 'PERCENTILE')`,
		// nothing here listens to a webhook
		`with made as (
			insert into webhooks (organization_id, name, url, format, events, secret)
			values ($1, 'Pager', 'https://hooks.full.test', 'STANDARD', '{EXHAUSTED}', decode(repeat('00', 32), 'hex')) returning organization_id, id)
		insert into webhook_deliveries (organization_id, webhook_id, event, next_attempt_at) select organization_id, id, 'TEST', '2100-01-01' from made`,
		`insert into raise_requests (organization_id, budget_limit_id, member_id, units, type, requested_at)
		select organization_id, id, gen_random_uuid(), 1, type, now() from limits where organization_id = $1 and kind = 'BUDGET' limit 1`,
		// a policy with a condition, an amount of a group's own, and the group
		`select create_policy($1, null, 'Each user', 'SHADOW', '{metadata.user}', 5, '[{"attribute": "model", "allowed": [], "refused": ["x"]}]',
			'[{"kind": "BUDGET", "type": "TOKENS", "period": "MONTHLY", "max_units": 100, "alert_units": []}]')`,
		`select set_group_amount($1, l.policy_id, l.id, '{ann}', 50) from limits l where l.organization_id = $1 and l.policy_id is not null`,
		`select make_groups(match_policies(array_agg(k.organization_id), array_agg(k.workspace_id), array_agg(k.id), null, null, array_agg('{"user": "ann"}'::text), false), now())
		from (select * from api_keys where organization_id = $1 limit 1) k`,
		// an end of holds that no sweep has come to
		`insert into hold_ends (organization_id, api_key_id, ended_at) select organization_id, id, '2100-01-01' from api_keys
		where organization_id = $1 limit 1`,
	} {
		if _, err := pool.Exec(t.Context(), statement, argumentsOf(statement, organization)...); err != nil {
			t.Fatal(statement, err)
		}
	}
	if _, err := db.New().RollUpUsage(t.Context(), pool, &db.RollUpUsageParams{OrganizationID: organization, Number: 1000}); err != nil {
		t.Fatal(err)
	}
	repricings, err := db.New().ListUnfinishedRepricings(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, repricing := range repricings { // the program would do it within a minute
		if err := errorOf(db.New().RepriceUsage(t.Context(), pool, &db.RepriceUsageParams{
			OrganizationID: repricing.OrganizationID, RepricingID: repricing.ID, Number: 1000})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), `insert into river_notification (topic, payload) values ('full', '{}')`); err != nil {
		t.Fatal(err)
	}
	awaitRows(t, pool)
	return dev
}

// priceAgain has usage without a price, which is priced then.
func priceAgain(n *tenant, secret string) {
	n.t.Helper()
	began := time.Now().Add(-time.Hour)
	n.once(0, n.gateway, "RecordUsage", object{"secret": secret, "requestId": "full-unpriced", "provider": "full", "model": "full-1", "inputTokens": 2, "outputTokens": 1})
	n.once(0, rootToken, "SetPrice", object{"organizationId": n.organization, "provider": "full", "model": "full-*", "effectiveFrom": began,
		"rates": []object{{"unit": "INPUT_TOKENS", "perMillion": "2.50"}}})
	n.once(0, rootToken, "SetPriceMultiplier", object{"organizationId": n.organization, "multiplier": "0.85"})
	n.once(0, rootToken, "RepriceUsage", object{"organizationId": n.organization, "from": began, "to": time.Now()})
	n.once(0, rootToken, "SimulateLimits", object{"subjectId": n.organization, "from": began, "to": time.Now(),
		"limits": object{"rateLimits": []object{{"type": "REQUESTS", "limit": 1, "interval": "DAY"}}}})
}

// dropMonth has usage of this month past its retention.
func dropMonth(t *testing.T, f *fleet, pool *pgxpool.Pool) {
	t.Helper()
	n := newTenant(f, "dropped")
	n.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": n.organization, "type": "COST", "amount": "50", "periodicReset": "NONE"})
	for i := range 3 {
		n.once(0, n.gateway, "RecordUsage", object{"key": n.wide, "requestId": fmt.Sprint("dropped-", i), "inputTokens": 2, "cost": "0.5", "model": "m"})
	}
	_, organization, _ := id.Parse(n.organization)
	for _, err := range []error{
		errorOf(db.New().RollUpUsage(t.Context(), pool, &db.RollUpUsageParams{OrganizationID: organization, Number: 1000})),
		errorOf(db.New().DropUsagePartition(t.Context(), pool, &db.DropUsagePartitionParams{KeepMonths: 1, Now: new(time.Now().AddDate(0, 3, 0))})),
		errorOf(db.New().CreateUsagePartitions(t.Context(), pool, 1)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }

// awaitRows waits until every table has rows.
func awaitRows(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for deadline := time.After(waitTimeout); ; {
		empty := emptyTables(t, pool)
		if len(empty) == 0 {
			return
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			t.Fatalf("no rows come into %v", empty)
		}
	}
}

// emptyTables returns the tables without rows, but for those that never have any: shapes of answers, the ledger's partitions of the
// next months, and what River and the worker lock while they do something.
func emptyTables(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	counts := countRows(t, pool)
	var empty []string
	for table, rows := range counts {
		if rows == 0 && !strings.HasPrefix(table, "usage_events_") {
			empty = append(empty, table)
		}
	}
	if len(counts) < 30 {
		t.Fatalf("there are only the tables %v", counts)
	}
	slices.Sort(empty)
	return empty
}

// countRows returns how many rows each table has that is no shape.
func countRows(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	rows, err := pool.Query(t.Context(), `
		select c.relname::text, (xpath('/row/rows/text()', query_to_xml(format('select count(*) as rows from %I', c.relname), false, true, '')))[1]::text::integer
		from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
			and not exists (select from pg_constraint s where s.conrelid = c.oid and s.conname like '%\_shape\_check')`)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	var table string
	var number int
	if _, err := pgx.ForEachRow(rows, []any{&table, &number}, func() error {
		counts[table] = number
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return counts
}

// argumentsOf returns the organization if a statement has a parameter.
func argumentsOf(statement string, organization any) []any {
	if strings.Contains(statement, "$1") {
		return []any{organization}
	}
	return nil
}
