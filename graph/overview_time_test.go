package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// consoleOperation returns the text of one of the console's operations, with the fragments that it uses.
func consoleOperation(t *testing.T, name string) string {
	t.Helper()
	const path = "../web/dist/console/documents.graphql"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := parser.ParseQuery(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	document := &ast.QueryDocument{Operations: ast.OperationList{all.Operations.ForName(name)}}
	var add func(set ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				add(s.SelectionSet)
			case *ast.InlineFragment:
				add(s.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := all.Fragments.ForName(s.Name); document.Fragments.ForName(s.Name) == nil {
					document.Fragments = append(document.Fragments, fragment)
					add(fragment.SelectionSet)
				}
			}
		}
	}
	add(document.Operations[0].SelectionSet)
	var written strings.Builder
	formatter.NewFormatter(&written).FormatQueryDocument(document)
	return written.String()
}

// databaseTime returns the processor time of all sessions of a database that is on this machine.
func databaseTime(t *testing.T, pool *pgxpool.Pool) (total time.Duration) {
	t.Helper()
	rows, err := pool.Query(context.Background(), `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
	if err != nil {
		t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	for _, pid := range pids {
		if err == nil {
			var text []byte
			text, err = os.ReadFile("/proc/" + strconv.Itoa(pid) + "/schedstat")
			first, _, _ := strings.Cut(string(text), " ")
			nanos, _ := strconv.ParseInt(first, 10, 64)
			total += time.Duration(nanos)
		}
	}
	if err != nil {
		t.Skipf("the processor time of sessions is unknown: %v", err)
	}
	return total
}

// ownTime returns the processor time of the test's process, which is the API's server and its client.
func ownTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// largeAPI starts a server on the database that BURSAR_MEASURE_URL names, with one connection, and returns it with the organization that has the
// most usage there, and the month of that. It loads one if there is none.
func largeAPI(t *testing.T) (a *graphtest.API, organization uuid.UUID, month time.Time) {
	t.Helper()
	ctx := context.Background()
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: os.Getenv("BURSAR_MEASURE_URL"), MaxConnections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	find := `select w.organization_id, (select date_trunc('month', min(u.bucket_start), 'UTC') from usage_workspace_days u where u.organization_id = w.organization_id)
		from rollup_watermarks w order by w.position desc limit 1`
	err = pool.QueryRow(ctx, find).Scan(&organization, &month)
	if errors.Is(err, pgx.ErrNoRows) {
		now := time.Now().UTC()
		dbtest.NewTenant(t, pool).Load(dbtest.Large{Keys: 1000, Events: 5_000_000, Tail: 1000,
			Month: time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)})
		err = pool.QueryRow(ctx, find).Scan(&organization, &month)
	}
	if err != nil {
		t.Fatal(err)
	}
	f := &dbtest.Factory{T: t, Pool: pool}
	return &graphtest.API{T: t, URL: kit.StartWith(t, api.Config{Pool: pool}), Pool: pool, Admin: f.AccessToken(organization, db.TokenRoleADMIN)}, organization, month.UTC()
}

// The two operations of the console's overview take less than 100 ms of processor time together, of the database and of the server, in an
// organization with 1,000 keys and 5,000,000 ledger rows, and a page of its keys less than 50 ms, whatever its filter.
//
// It runs where BURSAR_MEASURE_URL names a database with the schema and nothing else in it, on this machine; it loads the rows, which takes
// minutes, and keeps them for the next run.
func TestOverviewTime(t *testing.T) {
	if os.Getenv("BURSAR_MEASURE_URL") == "" {
		t.Skip("BURSAR_MEASURE_URL is not set")
	}
	a, organization, month := largeAPI(t)
	external := id.Organization.Format(organization)
	at := func(d time.Time) string { return d.Format(time.RFC3339) }
	end := month.AddDate(0, 1, 0)
	page := func(filter object, orderBy object) object {
		return object{"filter": filter, "orderBy": orderBy, "first": 50}
	}
	newest := object{"field": "CREATED_AT", "direction": "DESC"}
	name := object{"field": "NAME", "direction": "ASC"}
	type measured struct {
		name, operation        string
		variables              object
		wall, database, server []time.Duration
	}
	operations := []*measured{
		{name: "overview: spend", operation: "OverviewSpend", variables: object{"organizationId": external, "subjectId": external, "from": at(month.AddDate(0, -1, 0)), "to": at(end)}},
		{name: "overview: detail", operation: "OverviewDetail", variables: object{"organizationId": external, "subjectId": external, "month": at(month), "today": at(end.AddDate(0, 0, -1)), "to": at(end)}},
		{name: "keys", operation: "KeysTable", variables: page(nil, newest)},
		{name: "keys by name", operation: "KeysTable", variables: page(nil, name)},
		{name: "keys: search 1 %", operation: "KeysTable", variables: page(object{"search": "squad-42"}, newest)},
		{name: "keys: search 1 % by name", operation: "KeysTable", variables: page(object{"search": "squad-42"}, name)},
		{name: "keys: search 33 % by name", operation: "KeysTable", variables: page(object{"search": "prod"}, name)},
		{name: "keys: ACTIVE", operation: "KeysTable", variables: page(object{"statuses": []string{"ACTIVE"}}, newest)},
		{name: "keys: EXHAUSTED", operation: "KeysTable", variables: page(object{"statuses": []string{"EXHAUSTED"}}, newest)},
		{name: "keys: EXHAUSTED by name", operation: "KeysTable", variables: page(object{"statuses": []string{"EXHAUSTED"}}, name)},
		{name: "keys: DISABLED by name", operation: "KeysTable", variables: page(object{"statuses": []string{"DISABLED"}}, name)},
		{name: "keys: spend of all", operation: "KeysSpend", variables: object{"filter": object{"subjectId": external, "from": at(month), "to": at(end)}}},
	}
	bodies := map[string][]byte{}
	for range 20 {
		for _, m := range operations {
			if bodies[m.name] == nil {
				body, err := json.Marshal(object{"query": consoleOperation(t, m.operation), "variables": m.variables})
				if err != nil {
					t.Fatal(err)
				}
				bodies[m.name] = body
			}
			database, server, began := databaseTime(t, a.Pool), ownTime(t), time.Now()
			answer := a.Send(http.MethodPost, "", a.Admin, bodies[m.name])
			m.wall = append(m.wall, time.Since(began))
			m.server = append(m.server, ownTime(t)-server)
			m.database = append(m.database, databaseTime(t, a.Pool)-database)
			if answer.Status != http.StatusOK || strings.Contains(answer.Body, `"errors"`) {
				t.Fatalf("%s: %d %.500s", m.name, answer.Status, answer.Body)
			}
		}
	}
	median := func(d []time.Duration) float64 {
		slices.Sort(d)
		return float64(d[len(d)/2].Microseconds()) / 1000
	}
	overview := 0.0
	for _, m := range operations {
		database, server := median(m.database), median(m.server)
		t.Logf("%-26s database %5.1f ms, server and client %5.1f ms, elapsed %6.1f ms", m.name, database, server, median(m.wall))
		switch {
		case strings.HasPrefix(m.operation, "Overview"):
			overview += database + server
		case m.operation != "KeysSpend" && database+server > 50:
			t.Errorf("%s: %.1f ms, want 50", m.name, database+server)
		}
	}
	if t.Logf("overview: %.1f ms", overview); overview > 100 {
		t.Errorf("the overview's operations take %.1f ms together, want 100", overview)
	}
}
