package graph_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// A page of 100 keys with limits, recipients, owner and creator costs at most 8 SQL statements, that of whose token it is
// among them; and no list costs more of them with a hundred rows than with a dozen, whatever hangs on each.
func TestStatementsOfAPage(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "reads pages of every list")
	const few = 12
	a := newAPI(t)
	fill(t, a)
	counted, counter := counted(a, t)
	limits := `budgetLimits { used periods(first: 2) { edges { node { used } } } } rateLimits { used } recipients { email }`
	for name, test := range map[string]struct {
		token, document string
		variables       object
		rows            []any // the path of a list that has as many rows as are asked for
		most            int
	}{
		"keys":            {a.Viewer, graphtest.Document(t, "ApiKeys"), object{}, []any{"apiKeys", "edges"}, 8},
		"operator's keys": {graphtest.RootToken, graphtest.Document(t, "ApiKeys"), object{}, []any{"apiKeys", "edges"}, 7},
		"a workspace's keys": {a.Viewer, graphtest.Document(t, "ApiKeys"), object{"filter": object{"ownerId": a.WorkspaceID(), "status": "ACTIVE", "search": "k"}},
			[]any{"apiKeys", "edges"}, 8},
		"an organization's keys": {a.Viewer, graphtest.Document(t, "ApiKeys"), object{"filter": object{"ownerId": a.OrganizationID()}},
			[]any{"apiKeys", "edges"}, 8},
		"keys' owners": {a.Viewer, `query($first: Int) { apiKeys(first: $first) { edges { node { owner {
			... on Workspace { organization { slug members(first: 1) { totalCount edges { node { email } } } } ` + limits + ` }
			... on Organization { workspaces(first: 1) { edges { node { slug } } } ` + limits + ` } } } } } }`,
			object{}, []any{"apiKeys", "edges"}, 14},
		"budgets' periods": {a.Viewer, `query($first: Int) { apiKeys(first: $first) { edges { node { ` + limits + ` } } } }`,
			object{}, []any{"apiKeys", "edges"}, 5},
		"budgets' burn-downs": {a.Viewer, `query($first: Int) { apiKeys(first: $first) { edges { node {
			budgetLimits { projectedExhaustion burnDown(interval: MONTH) { used } } } } } }`, object{}, []any{"apiKeys", "edges"}, 5},
		"closed reservations": {a.Viewer, `query($first: Int) { reservations(filter: {status: SETTLED}, first: $first) { totalCount nodes {
			apiKey { name createdBy { email } } } } }`, object{}, []any{"reservations", "nodes"}, 5},
		"usage events": {a.Viewer, `query($first: Int) { usageEvents(first: $first) { totalCount nodes {
			apiKey { name createdBy { email } } reservation { apiKey { name } } } } }`, object{}, []any{"usageEvents", "nodes"}, 7},
		"alerts": {a.Viewer, graphtest.Document(t, "Alerts"), object{}, []any{"alerts", "edges"}, 5},
		"alerts' resets": {a.Viewer, `query($first: Int) { alerts(first: $first) { edges { node {
			deliveries { status } resetDeliveries { status } budgetLimit { used periods { edges { node { used } } } } } } } }`,
			object{}, []any{"alerts", "edges"}, 5},
		"deliveries": {a.Viewer, `query($first: Int) { alertDeliveries(first: $first) { totalCount nodes { email alert { subject { name } budgetLimit { used } } } } }`,
			object{}, []any{"alertDeliveries", "nodes"}, 6},
		"subjects of keys' limits": {a.Viewer, `query($first: Int) { apiKeys(first: $first) { edges { node {
			budgetLimits { version updatedAt subject { name version } } rateLimits { version subject { name } } } } } }`,
			object{}, []any{"apiKeys", "edges"}, 4},
		"subjects of alerts": {a.Viewer, `query($first: Int) { alerts(first: $first) { edges { node { subject { name budgetLimits { subject { version } } recipients { email } } } } } }`,
			object{}, []any{"alerts", "edges"}, 10},
		"audit log": {a.Viewer, graphtest.Document(t, "AuditLog"), object{}, []any{"auditLog", "edges"}, 2},
		"actors and targets": {a.Viewer, `query($first: Int) { auditLog(first: $first) { nodes { actorNode { id } target { id ... on ApiKey { status owner { __typename } } } } } }`,
			object{}, []any{"auditLog", "nodes"}, 14},
		"keys by name, backward": {a.Viewer, `query($first: Int) { apiKeys(last: $first, orderBy: {field: NAME}) { totalCount nodes { status } } }`, object{}, []any{"apiKeys", "nodes"}, 3},
		"an organization's workspaces": {a.Viewer, `query($id: ID!, $first: Int) { node(id: $id) { ... on Organization {
			workspaces(first: $first) { totalCount edges { node { id organization { slug } ` + limits + ` } } } } } }`,
			object{"id": a.OrganizationID()}, []any{"node", "workspaces", "edges"}, 8},
		"an organization's members and tokens": {a.Viewer, `query($id: ID!, $first: Int) { node(id: $id) { ... on Organization {
			members(first: $first) { totalCount edges { node { email } } }
			accessTokens(first: $first) { totalCount edges { node { name member { email } } } } } } }`,
			object{"id": a.OrganizationID()}, []any{"node", "members", "edges"}, 7},
		"organizations": {graphtest.RootToken, `query($first: Int) { organizations(first: $first) { totalCount edges { node { slug ` + limits + `
			members(first: 2) { totalCount edges { node { email } } }
			accessTokens(first: 2) { totalCount edges { node { name member { email } } } } } } } }`,
			object{}, []any{"organizations", "edges"}, 10},
		"organizations' workspaces": {graphtest.RootToken, `query($first: Int) { organizations(first: $first) { edges { node {
			workspaces(first: 2) { totalCount edges { node { slug ` + limits + ` } } } } } } }`,
			object{}, []any{"organizations", "edges"}, 6},
		"a budget with its periods": {a.Viewer, graphtest.Document(t, "BudgetHistory"), object{"id": budgetWithHistory(t, a)}, []any{"node", "periods", "edges"}, 3},
		"jobs":                      {graphtest.RootToken, graphtest.Document(t, "Jobs"), object{}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			cheap := counter.of(t, counted, test.token, test.document, test.variables, test.rows, few)
			many := counter.of(t, counted, test.token, test.document, test.variables, test.rows, 100)
			if len(many) > len(cheap) || len(many) > test.most {
				t.Errorf("%d statements for 100 rows, %d for %d; want at most %d: %q", len(many), len(cheap), few, test.most, many)
			}
		})
	}
}

// fill gives a tenant more than a hundred of everything, all different, and makes a hundred other organizations.
func fill(t *testing.T, a *graphtest.API) {
	t.Helper()
	for _, statement := range []string{
		`insert into organizations (name, slug, plan) select 'o', 'other-' || n, 'ENTERPRISE' from generate_series(1, 110) n`,
		`insert into workspaces (organization_id, name, slug) select o.id, 'w', 'w-' || n from organizations o, generate_series(1, 110) n
			where n <= 3 or o.id = $1`,
		`insert into members (organization_id, email, role) select o.id, 'm' || n || '@x.test', case when n < 3 then 'ADMIN' else 'MEMBER' end::member_role
			from organizations o, generate_series(1, 110) n where n <= 3 or o.id = $1`,
		`insert into access_tokens (organization_id, member_id, name, role, prefix, token_hash)
			select organization_id, id, 't', 'VIEWER', 'bst_', sha256(uuid_send(id)) from members where $1::uuid is not null`,
		`insert into api_keys (organization_id, workspace_id, created_by_id, name, prefix)
			select m.organization_id, case n when 1 then w.id when 2 then $2::uuid end, m.id, 'key', 'bsr_'
			from (select *, row_number() over () as place from members where organization_id = $1) m
			join (select *, row_number() over () as place from workspaces where organization_id = $1) w using (place), generate_series(1, 3) n
			order by place, n`,
		`insert into recipients (organization_id, api_key_id, email) select organization_id, id, 'r' || n || '@x.test'
			from api_keys, generate_series(1, 2) n where $1::uuid is not null`,
		`alter table limits disable trigger limits_audit`, // the audit log is long enough, and to note a limit takes longest of all
		`insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units)
			select s.organization_id, s.workspace_id, s.api_key_id, l.kind::limit_kind, l.type::limit_type, l.period::limit_period, 2000000000
			from (values ('BUDGET', 'COST', 'WEEKLY'), ('BUDGET', 'TOKENS', 'MONTHLY'), ('RATE', 'REQUESTS', 'DAY')) l (kind, type, period),
				(select organization_id, null::uuid, id from api_keys union all select organization_id, id, null from workspaces
					union all select id, null, null from organizations) s (organization_id, workspace_id, api_key_id)
			where $1::uuid is not null`,
		`alter table limits enable trigger limits_audit`,
		`update counters set period_start = date_trunc('month', clock_timestamp()) - interval '1 day', period_end = clock_timestamp() + interval '1 day'`,
		`insert into budget_periods select organization_id, id, limit_id, -n, 1, type, period, period_start, period_end, max_units, '{}', 1, 0, '{}',
			false, null from counters, generate_series(0, 2) n where kind = 'BUDGET' and $1::uuid is not null`,
		`insert into reservations (organization_id, id, api_key_id, fingerprint, status, requests, tokens, cost_nanos, counter_ids, period_numbers,
				admitted_at, expires_at, closed_at)
			select organization_id, uuid_v7(clock_timestamp()), id, '', 'SETTLED', 1, 1, 1, '{}', '{}', now(), now(), now() from api_keys where organization_id = $1`,
		`insert into usage_events (organization_id, id, position, api_key_id, reservation_id, requests, input_tokens, output_tokens, cached_input_tokens,
				cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			select organization_id, uuid_v7(clock_timestamp()), nextval('usage_events_position_seq'), api_key_id, id, 1, 1, 0, 0, 1, 0, '{}', '{}', now(), now()
			from reservations where organization_id = $1`,
		`insert into alerts (organization_id, budget_limit_id, api_key_id, kind, type, period, max_units, used_units, generation, period_number, period_start, raised_at)
			select organization_id, limit_id, subject_id, 'EXHAUSTED', type, period, max_units, 5, 1, 1, period_start, period_start
			from counters where subject_type = 'API_KEY' and kind = 'BUDGET' and $1::uuid is not null`,
		`insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
			select organization_id, id, 'a@x.test', 'a@x.test', raised_at, raised_at from alerts where $1::uuid is not null`,
	} {
		arguments := []any{a.Tenant.Organization.ID, a.Tenant.Workspace.ID}
		if !regexp.MustCompile(`\$2`).MatchString(statement) {
			arguments = arguments[:1]
		}
		if !regexp.MustCompile(`\$1`).MatchString(statement) {
			arguments = nil
		}
		if _, err := a.Pool.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
}

// budgetWithHistory returns the id of a budget that has had more than a hundred periods.
func budgetWithHistory(t *testing.T, a *graphtest.API) string {
	t.Helper()
	budget := a.Run(a.Viewer, "Limits", object{"subjectId": a.OrganizationID()}).Text("node", "budgetLimits", 0, "id")
	if _, err := a.Pool.Exec(t.Context(), `insert into budget_periods select organization_id, id, limit_id, -n, 1, type, period, period_start, period_end,
		max_units, '{}', 1, 0, '{}', false, null from counters, generate_series(3, 120) n where external_id('bud', limit_id) = $1`, budget); err != nil {
		t.Fatal(err)
	}
	return budget
}

// counted returns the tenant's API on a server whose statements are counted.
func counted(a *graphtest.API, t *testing.T) (*graphtest.API, *statementCounter) {
	t.Helper()
	counter, config := &statementCounter{}, kit.ServerPool(t, a.Pool).Config()
	config.ConnConfig.Tracer = counter
	config.ConnConfig.RuntimeParams["role"] = db.ServerRole
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	server := api.New(api.Config{Pool: pool, RootToken: graphtest.RootToken, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	listener := httptest.NewServer(server)
	t.Cleanup(func() { listener.Close(); server.Close() })
	counted := *a
	counted.URL = listener.URL
	return &counted, counter
}

// statementCounter notes the statements that read or write rows, also those that were sent as one batch.
type statementCounter struct {
	mutex      sync.Mutex
	statements []string
}

// of returns the statements of a document that is answered with a number of rows.
func (c *statementCounter) of(t *testing.T, a *graphtest.API, token, document string, variables object, path []any, rows int) []string {
	t.Helper()
	with := object{"first": rows}
	maps.Copy(with, variables)
	c.mutex.Lock()
	c.statements = nil
	c.mutex.Unlock()
	result := a.Post(token, object{"query": document, "variables": with})
	if len(result.Errors) > 0 {
		t.Fatalf("%+v", result.Errors)
	}
	if path != nil && len(result.Get(path...).([]any)) != rows {
		t.Fatalf("%d rows, want %d", len(result.Get(path...).([]any)), rows)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.statements) == 0 {
		t.Fatal("no statement was counted")
	}
	return c.statements
}

// bracket is what stands around statements and touches no row.
var bracket = regexp.MustCompile(`(?is)^\s*(-- name: \S+ :\S+\s*)?(begin|commit|rollback|savepoint|set|reset|select set_config\(|select current_user)`)

func (c *statementCounter) note(statement string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !bracket.MatchString(statement) {
		c.statements = append(c.statements, strings.TrimPrefix(strings.SplitN(statement, " :", 2)[0], "-- name: "))
	}
}

func (c *statementCounter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.note(data.SQL)
	return ctx
}

func (c *statementCounter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *statementCounter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (c *statementCounter) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	c.note(data.SQL)
}

func (c *statementCounter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
