package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db/cells"
	"bursar/graph/graphtest"
	"bursar/id"
)

const (
	createIn   = `mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id slug cell region workspaces { totalCount } } } }`
	slugs      = `{ organizations { totalCount nodes { slug cell region workspaces { totalCount nodes { name } } } } }`
	nodeOfSome = `query($id: ID!) { node(id: $id) { ... on Organization { slug cell } } }`
)

// create makes an organization and returns its id. The cell is the input's; "": none is.
func create(i *graphtest.Installation, slug, cell string) string {
	i.T.Helper()
	input := object{"name": slug, "slug": slug}
	if cell != "" {
		input["cell"] = cell
	}
	made := i.Ask(graphtest.RootToken, "", createIn, object{"input": input})
	if len(made.Errors) > 0 {
		i.T.Fatalf("%s: %+v", slug, made.Errors)
	}
	return made.Text("createOrganization", "organization", "id")
}

func parsed(t testing.TB, externalID string) uuid.UUID {
	t.Helper()
	_, organizationID, ok := id.Parse(externalID)
	if !ok {
		t.Fatalf("%q is no id", externalID)
	}
	return organizationID
}

// Guarantee: the operator's request is answered by the cell that its header names, or by that of the organization whose id it names, in both enforcement's own
// forms and GraphQL; a header of another one or of anybody else is refused. What is below an organization in an answer is of its cell, whatever was named.
func TestOperatorChoosesCell(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu", "us")
	inEU := create(i, "in-eu", "eu")
	made := i.Ask(graphtest.RootToken, "", `mutation($id: ID!) { createWorkspace(input: {organizationId: $id, name: "Work"}) { workspace { id organization { slug cell } } } }`, object{"id": inEU})
	made.Equal(object{"slug": "in-eu", "cell": "eu"}, "createWorkspace", "workspace", "organization")
	workspaceID := made.Text("createWorkspace", "workspace", "id")
	i.Ask(graphtest.RootToken, "", nodeOfSome, object{"id": inEU}).Equal(object{"slug": "in-eu", "cell": "eu"}, "node")
	const workspace = `query($id: ID!) { node(id: $id) { ... on Workspace { name organization { slug } } } }`
	i.Ask(graphtest.RootToken, "eu", workspace, object{"id": workspaceID}).Equal(object{"name": "Work", "organization": object{"slug": "in-eu"}}, "node")
	for _, cell := range []string{"", "us", cells.Home} {
		missed := i.Ask(graphtest.RootToken, cell, workspace, object{"id": workspaceID})
		missed.Must("NOT_FOUND", "id")
		if hinted := strings.Contains(missed.Errors[0].Message, cells.Header); hinted != (cell == "") {
			t.Errorf("%q: %s", cell, missed.Errors[0].Message)
		}
	}
	i.Ask(graphtest.RootToken, "asia", slugs, nil).Must("BAD_USER_INPUT", cells.Header)
	token := i.Ask(graphtest.RootToken, "", `mutation($id: ID!) { createAccessToken(input: {organizationId: $id, name: "Admin", role: ADMIN}) { secret } }`, object{"id": inEU}).
		Text("createAccessToken", "secret")
	i.Ask(token, "", `{ viewer { organization { slug cell region } } }`, nil).Equal(object{"slug": "in-eu", "cell": "eu", "region": nil}, "viewer", "organization")
	i.Ask(token, "eu", `{ viewer { organization { slug } } }`, nil).Must("FORBIDDEN", "")
	one := newAPI(t)
	for header, code := range map[string]string{cells.Home: "", "eu": "BAD_USER_INPUT"} {
		answer := one.SendWith(http.MethodPost, "", graphtest.RootToken, []byte(`{"query": "{ viewer { role } }"}`), http.Header{cells.Header: {header}})
		if code != "" {
			answer.Must(code, cells.Header)
		} else if !graphtest.HasCells() {
			answer.Equal("ROOT", "viewer", "role")
		}
	}
}

// Guarantee: the operator's list of organizations has those of all cells in the order of their ids, in pages of either direction whose cursors miss and repeat none,
// with the total; with the header those of one cell.
func TestOrganizationsOfAllCells(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu", "us")
	var want []string
	for n := range 7 {
		want = append(want, fmt.Sprintf("o-%d", n))
		create(i, want[n], []string{"eu", "us", cells.Home}[n%3])
	}
	page := func(arguments string) (found []string, cursor string, more bool) {
		t.Helper()
		answer := i.Ask(graphtest.RootToken, "", `{ organizations(`+arguments+`) { totalCount nodes { slug } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`, nil)
		answer.Equal(7, "organizations", "totalCount")
		nodes, _ := answer.Get("organizations", "nodes").([]any)
		for n := range nodes {
			found = append(found, answer.Text("organizations", "nodes", n, "slug"))
		}
		if strings.HasPrefix(arguments, "first") {
			return found, answer.Text("organizations", "pageInfo", "endCursor"), answer.Get("organizations", "pageInfo", "hasNextPage") == true
		}
		return found, answer.Text("organizations", "pageInfo", "startCursor"), answer.Get("organizations", "pageInfo", "hasPreviousPage") == true
	}
	forward, cursor, more := page(`first: 2`)
	for more {
		var next []string
		next, cursor, more = page(`first: 2, after: "` + cursor + `"`)
		forward = append(forward, next...)
	}
	backward, cursor, more := page(`last: 3`)
	for more {
		var next []string
		next, cursor, more = page(`last: 3, before: "` + cursor + `"`)
		backward = append(next, backward...)
	}
	if !slices.Equal(forward, want) || !slices.Equal(backward, want) {
		t.Errorf("forward %v, backward %v", forward, backward)
	}
	i.Ask(graphtest.RootToken, "us", `{ organizations { totalCount nodes { slug cell } } }`, nil).
		Equal(object{"totalCount": 2, "nodes": []object{{"slug": "o-1", "cell": "us"}, {"slug": "o-4", "cell": "us"}}}, "organizations")
}

// Guarantee: an organization that is being moved while the list is read is in it once, and one that has moved is in its cell, where the operator's requests find it.
func TestMovedOrganizationIsListedOnce(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu")
	moved := create(i, "moved", "eu")
	i.Ask(graphtest.RootToken, "", nodeOfSome, object{"id": moved}).Equal("eu", "node", "cell")
	i.MoveRow(parsed(t, moved), "eu", cells.Home)
	i.Ask(graphtest.RootToken, "", `{ organizations { totalCount nodes { slug } } }`, nil).
		Equal(object{"totalCount": 1, "nodes": []object{{"slug": "moved"}}}, "organizations")
}

// Guarantee: an organization is made where its input, the header or the server's rule says, by least load among open cells of the region; FULL and CLOSED cells take
// none, and one that there is not is refused by name. A slug is one organization's in all cells.
func TestCreateOrganizationInCells(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu", "us")
	change := func(statement string) {
		t.Helper()
		if _, err := i.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	change(`update cells set region = 'europe' where name = 'eu'`)
	try := func(header string, input object) *graphtest.Answer {
		t.Helper()
		input["name"] = "Some"
		return i.Ask(graphtest.RootToken, header, createIn, object{"input": input})
	}
	placed := func(answer *graphtest.Answer, cell string, region any) {
		t.Helper()
		answer.Equal(cell, "createOrganization", "organization", "cell")
		answer.Equal(region, "createOrganization", "organization", "region")
	}
	placed(try("", object{"slug": "by-rule"}), cells.Home, nil)
	placed(try("us", object{"slug": "by-header"}), "us", nil)
	placed(try("", object{"slug": "by-input", "cell": "us"}), "us", nil)
	placed(try("", object{"slug": "by-region", "region": "europe"}), "eu", "europe")
	try("us", object{"slug": "x", "cell": "eu"}).Must("BAD_USER_INPUT", "cell")
	try("", object{"slug": "x", "cell": "asia"}).Must("BAD_USER_INPUT", "cell")
	try("", object{"slug": "x", "region": "asia"}).Must("BAD_USER_INPUT", "region")
	try("", object{"slug": "x", "cell": "us", "region": "europe"}).Must("BAD_USER_INPUT", "region")
	for _, cell := range []string{cells.Home, "us", "eu"} {
		try("", object{"slug": "by-region", "cell": cell}).Must("CONFLICT", "slug")
	}
	balanced := &graphtest.API{T: t, URL: i.Serve(api.Config{Placement: "least-loaded"}, i.Pools)}
	for range 3 {
		balanced.Post(graphtest.RootToken, object{"query": createIn, "variables": object{"input": object{"name": "x", "slug": "s-" + uuid.NewString()[:8]}}})
	}
	dbtestEqual(t, i.Pool, `select string_agg(n::text, ' ' order by cell) from (select cell, count(*) n from organization_cells where claimed_at is null group by 1) c`, "3 2 2")
	for _, state := range []string{"FULL", "CLOSED"} {
		change(`update cells set state = '` + state + `' where name = 'us'`)
		try("", object{"slug": "x", "cell": "us"}).Must("CONFLICT", "cell")
	}
	dbtestEqual(t, i.Pool, `select count(*)::text from organization_cells where claimed_at is not null`, "0")
	for _, statement := range []string{
		`update organization_cells set region = 'asia' where slug = 'by-region'`, `update organization_cells set region = null where slug = 'by-region'`,
		`update organization_cells set moving_to = 'us' where slug = 'by-region'`, `update organization_cells set cell = 'us' where slug = 'by-region'`,
		`update cells set region = null where name = 'eu'`,
	} {
		if _, err := i.Pool.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "organization_cells_region_check") && !strings.Contains(err.Error(), "europe") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func dbtestEqual(t testing.TB, pool *pgxpool.Pool, query, want string) {
	t.Helper()
	var got string
	if err := pool.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
		t.Errorf("%s: %q, want %q, %v", query, got, want, err)
	}
}

// Guarantee: of servers that are asked at the same time for organizations of one slug in different cells, one makes it, the others answer CONFLICT.
func TestOneSlugInAllCells(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu")
	other := *i.API
	other.URL = i.Serve(api.Config{}, i.Pools)
	var made, refused int
	var mutex sync.Mutex
	var callers sync.WaitGroup
	for n := range 12 {
		callers.Go(func() {
			on, cell := i.API, []string{cells.Home, "eu"}[n%2]
			if n%3 == 0 {
				on = &other
			}
			answer := on.Post(graphtest.RootToken, object{"query": createIn, "variables": object{"input": object{"name": "x", "slug": "wanted", "cell": cell}}})
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case len(answer.Errors) == 0:
				made++
			case answer.Errors[0].Extensions.Code == "CONFLICT" && answer.Errors[0].Extensions.Field == "slug":
				refused++
			}
		})
	}
	callers.Wait()
	if made != 1 || refused != 11 {
		t.Errorf("%d made it, %d were refused", made, refused)
	}
	dbtestEqual(t, i.Pool, `select count(*)::text from organization_cells where claimed_at is null`, "1")
}

// Guarantee: a server that dies between its claim and the organization, or between the organization and the directory, keeps the slug from others for ten minutes. Then
// the cell is asked: a slug without an organization is free, one with it is settled. While the cell is silent its claim stays.
func TestClaimsOfServersThatDied(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu", "us")
	claim := func(slug, cell string, made bool, age string) {
		t.Helper()
		organizationID := uuid.Must(uuid.NewV7())
		if _, err := i.Pool.Exec(t.Context(), `select claim_organization($1, $2, $3, null)`, organizationID, slug, cell); err != nil {
			t.Fatal(err)
		}
		if made {
			if _, err := i.Pools[cell].Exec(t.Context(), `insert into organizations (id, name, slug, plan) values ($1, 'x', $2, 'FREE')`, organizationID, slug); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := i.Pool.Exec(t.Context(), `update organization_cells set claimed_at = now() - $2::text::interval where organization_id = $1 and claimed_at is not null`, organizationID, age); err != nil {
			t.Fatal(err)
		}
	}
	claim("young", "eu", false, "9 minutes")
	claim("dead", "eu", false, "11 minutes")
	claim("made", "eu", true, "11 minutes")
	claim("unsettled", "eu", true, "1 minute")
	try := func(slug string) *graphtest.Answer {
		return i.Ask(graphtest.RootToken, "", createIn, object{"input": object{"name": "x", "slug": slug}})
	}
	try("young").Must("CONFLICT", "slug")
	dbtestEqual(t, i.Pool, `select string_agg(slug, ' ' order by slug) from organization_cells where claimed_at is not null`, "unsettled young")
	try("made").Must("CONFLICT", "slug")
	try("dead").Equal(cells.Home, "createOrganization", "organization", "cell")
	i.Ask(graphtest.RootToken, "", `{ organizations { totalCount } }`, nil).Equal(3, "organizations", "totalCount")
	claim("behind", "us", false, "11 minutes")
	pools := map[string]*pgxpool.Pool{cells.Home: i.Pool, "eu": i.Pools["eu"], "us": unreachable(t)}
	silent := &graphtest.API{T: t, URL: i.Serve(api.Config{}, pools)}
	silent.Post(graphtest.RootToken, object{"query": createIn, "variables": object{"input": object{"name": "x", "slug": "behind"}}}).Must("UNAVAILABLE", "")
	silent.Post(graphtest.RootToken, object{"query": createIn, "variables": object{"input": object{"name": "x", "slug": "another"}}}).
		Equal("another", "createOrganization", "organization", "slug")
}

// unreachable returns a pool of a database behind a closed port.
func unreachable(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Guarantee: with one cell down, organizations of the others notice nothing, and the operator's list says which cell is silent unless the header names another.
func TestOneCellDown(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu", "us")
	inEU := create(i, "in-eu", "eu")
	create(i, "in-us", "us")
	token := i.Ask(graphtest.RootToken, "", `mutation($id: ID!) { createAccessToken(input: {organizationId: $id, name: "Admin", role: ADMIN}) { secret } }`, object{"id": inEU}).
		Text("createAccessToken", "secret")
	i.URL = i.Serve(api.Config{}, map[string]*pgxpool.Pool{cells.Home: i.Pool, "eu": i.Pools["eu"], "us": unreachable(t)})
	i.Ask(token, "", `{ viewer { organization { slug } } }`, nil).Equal("in-eu", "viewer", "organization", "slug")
	i.Ask(graphtest.RootToken, "", nodeOfSome, object{"id": inEU}).Equal("in-eu", "node", "slug")
	answer := i.Ask(graphtest.RootToken, "", `{ organizations { nodes { slug } } }`, nil)
	answer.Must("UNAVAILABLE", "")
	if !strings.Contains(answer.Errors[0].Message, "the cell us ") {
		t.Error(answer.Errors[0].Message)
	}
	i.Ask(graphtest.RootToken, "eu", `{ organizations { nodes { slug } } }`, nil).Equal([]object{{"slug": "in-eu"}}, "organizations", "nodes")
	create(i, "new", "eu")
}

// Guarantee: a stream of events is of the organization's cell. When the organization moves it ends, and whoever resumes is told at the other cell that they missed
// something, and of what happens there. Streams of all cells count together.
func TestEventsOfMovedOrganizations(t *testing.T) {
	t.Parallel()
	i := kit.NewInstallation(t, "eu")
	organization := create(i, "listened", "eu")
	rename := func(name string) {
		t.Helper()
		if answer := i.Ask(graphtest.RootToken, "", `mutation($id: ID!, $name: String) { updateOrganization(input: {id: $id, name: $name}) { organization { name } } }`,
			object{"id": organization, "name": name}); len(answer.Errors) > 0 {
			t.Fatal(answer.Errors)
		}
	}
	for _, named := range []string{organization, "listened"} {
		s, first := listen(i.API, graphtest.RootToken, map[string]string{"Bursar-Organization": named})
		if first.name != "ready" {
			t.Fatalf("%+v", first)
		}
		rename("by " + named)
		if heard := s.next(); !slices.Contains(heard.IDs, organization) {
			t.Errorf("%+v", heard)
		}
		s.leave()
	}
	s, first := listen(i.API, graphtest.RootToken, map[string]string{"Bursar-Organization": organization})
	i.MoveRow(parsed(t, organization), "eu", cells.Home)
	last := first
	for heard := range s.events { // until it ends
		last = heard
	}
	resumed, again := listen(i.API, graphtest.RootToken, map[string]string{"Bursar-Organization": organization, "Last-Event-ID": last.id})
	if again.name != "change" && again.name != "reset" {
		t.Errorf("%+v", again)
	}
	rename("at home")
	if heard := resumed.next(); !slices.Contains(heard.IDs, organization) {
		t.Errorf("%+v", heard)
	}
}
