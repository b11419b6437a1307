package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/auth/sso/ssotest"
	"bursar/db/dbtest"
	"bursar/mail/resend/resendtest"
)

// leak is a full run of the program that secrets are looked for in.
type leak struct {
	t       *testing.T
	url     string
	secrets map[string]string // by what they are
	parts   map[string]string // of secrets, by what they are; no client sends them alone

	mutex  sync.Mutex
	errors []string // answers that are not, or not only, data
}

// send sends a request, whose answer is kept unless it is nothing but data, and returns the answer.
func (l *leak) send(method, path, token, body string, change ...func(*http.Request)) string {
	l.t.Helper()
	got := request(l.t, method, l.url+path, body, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		for _, c := range change {
			c(r)
		}
	})
	if got.status != http.StatusOK || strings.Contains(got.body, `"errors"`) || path != "/graphql" {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		l.errors = append(l.errors, fmt.Sprint(got.header, got.body))
	}
	return got.body
}

// ask runs an operation with an input, and returns the first secret and the first id in its answer.
func (l *leak) ask(token, operation, inputType, selection string, input any) (secret, id string) {
	l.t.Helper()
	body, err := json.Marshal(map[string]any{
		"query":     fmt.Sprintf("mutation M($input: %s!) { %s(input: $input) { %s } }", inputType, operation, selection),
		"variables": map[string]any{"input": input},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	answer := l.send(http.MethodPost, "/graphql", token, string(body))
	text := func(name string) string {
		_, rest, _ := strings.Cut(answer, `"`+name+`":"`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	return text("secret"), text("id")
}

// misplace puts a secret wherever a client could put it by mistake. What is stored is the client's, unless its form says that
// it is a secret.
func (l *leak) misplace(token, secret, ownerID, keyID string, store bool) {
	l.t.Helper()
	type object = map[string]any
	for _, query := range []string{
		`{ apiKey(id: "%s") { id } }`, `{ apiKey(id: %s) { id } }`, `{ node(id: "%s") { id } }`, `{ %s }`, `{ viewer { %s } }`,
		`{ viewer { role`, `{ apiKeys(filter: {status: %s}) { totalCount } }`, `{ apiKeys(filter: {status: "%s"}) { totalCount } }`,
		`{ apiKeys(first: "%s") { totalCount } }`, `{ apiKeys(after: "%s") { totalCount } }`, `{ apiKeys(filter: {%s: 1}) { totalCount } }`,
		`{ alerts(filter: {subjectId: "%s"}) { totalCount } }`, `{ auditLog(filter: {action: "%s"}) { edges { cursor } } }`,
		`query %s { viewer { rolle } }`, `query($%s: Int!) { viewer { role } }`, `{ ...%s }`, `{ viewer @%s { role } }`, "\"%s", `%s`,
	} {
		query = strings.ReplaceAll(query, "%s", secret)
		body, err := json.Marshal(object{"query": query})
		if err != nil {
			l.t.Fatal(err)
		}
		l.send(http.MethodPost, "/graphql", token, string(body))
		l.send(http.MethodGet, "/graphql?query="+url.QueryEscape(query), token, "")
	}
	for operation, inputs := range map[string][]object{
		"createApiKey": {
			{"ownerId": secret, "name": "x"}, {"ownerId": ownerID, "name": secret}, {"ownerId": ownerID, "name": "x", "description": "it is " + secret},
			{"ownerId": ownerID, "name": "x", "metadata": object{"key": secret}}, {"ownerId": ownerID, "name": "x", secret: 1},
			{"ownerId": ownerID, "name": "x", "recipients": []string{secret}}, {"ownerId": ownerID, "name": "x", "expiresAt": secret},
		},
		"updateApiKey":      {{"id": keyID, "name": secret}, {"id": keyID, "metadata": object{secret: "x"}}, {"id": keyID, "enabled": secret}},
		"createBudgetLimit": {{"subjectId": keyID, "type": secret, "amount": 1}, {"subjectId": keyID, "type": "COST", "amount": secret}},
		"reserveUsage": {{"key": keyID, "requestId": secret}, {"key": object{"secret": secret}}, {"key": keyID, "ttlSeconds": secret},
			{"secret": object{"secret": secret}}, {"secret": secret, "key": secret}, {"secret": secret + "x"}},
		"recordUsage":      {{"key": keyID, "model": secret}, {"key": keyID, "provider": secret}, {"reservationId": secret}, {"key": secret, "cost": secret}},
		"resetBudgetLimit": {{"id": secret, "reason": secret}},
	} {
		name := strings.ToUpper(operation[:1]) + operation[1:] + "Input"
		for _, input := range inputs {
			if !store {
				break
			}
			l.ask(token, operation, name, "__typename", input)
		}
	}
	escaped := url.PathEscape(secret)
	for _, path := range []string{"/" + escaped, "/docs/" + escaped, "/graphiql?" + escaped, "/graphql?variables=" + escaped, "/graphql?query=%zz" + escaped, "/outbox/" + escaped} {
		l.send(http.MethodGet, path, token, "")
	}
	for _, body := range []string{secret, `{"query": "` + secret, `{"query": 1, "variables": "` + secret + `"}`, `["` + secret + `"]`, `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + secret + `"}}}`} {
		l.send(http.MethodPost, "/graphql", token, body)
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	viewer := `{"query": "{ viewer { role } apiKey(id: \"nothing\") { id } }"}`
	for name, value := range map[string]string{
		"X-Request-Id": secret, "Origin": "https://" + secret, "User-Agent": secret, "Cookie": "token=" + secret, "Content-Type": secret,
		"Authorization": secret, "Upgrade": secret, "X-Forwarded-For": secret,
	} {
		l.send(http.MethodPost, "/graphql", token, viewer, header(name, value))
	}
	l.send(http.MethodGet, "/jobs/api/states", token, "", operator(secret))
	l.send(http.MethodPost, "/webhooks/resend", token, secret, header("Svix-Signature", "v1,"+secret), header("Svix-Id", secret))
}

// Guarantee: in a full run with everything logged, no secret is in any log line, error, mail, metric or row of the database,
// nor its hash but in the columns that are for hashes; wherever clients put their secrets by mistake, and also while the
// database is away.
func TestNoSecretLeaks(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	provider, issuer := resendtest.New(t), ssotest.New(t)
	direct := database.NewURL(t)
	gate, databaseURL := newGate(t, direct)
	gate.set(true)
	l := &leak{t: t, secrets: map[string]string{
		"root token": "a-root-token-that-a-person-chose-8Jq2vX7mRw4tZk9cLd6ybN3h", "Resend's key": "re_" + auth.NewSecret("").Text,
		"webhook's secret": "whsec_" + base64.StdEncoding.EncodeToString([]byte(auth.NewSecret("").Text)),
		"metrics token":    auth.NewSecret("").Text,
		"JSON web token":   "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
	}}
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	if password, set := parsed.User.Password(); set && password != "" {
		l.secrets["database's password"] = password
	}
	root := l.secrets["root token"]
	common := []string{"BURSAR_METRICS_TOKEN=" + l.secrets["metrics token"], "DATABASE_URL=" + databaseURL, "BURSAR_LOG_LEVEL=debug", "BURSAR_LOG_FORMAT=json", "RESEND_API_KEY=" + l.secrets["Resend's key"],
		"RESEND_BASE_URL=" + provider.URL, "BURSAR_MAIL_CALLS_PER_SECOND=50"}
	server := startProcess(t, append([]string{"BURSAR_ADDR=127.0.0.1:0", "BURSAR_ALLOW_SUPERUSER=true", "BURSAR_ROOT_TOKEN=" + root, "RESEND_WEBHOOK_SECRET=" + l.secrets["webhook's secret"],
		"BURSAR_OIDC_ISSUER=" + issuer.URL, "BURSAR_OIDC_AUDIENCE=" + ssotest.Portal}, common...), "serve")
	l.url = server.awaitURL(t)
	worker := startProcess(t, common, "work")

	type object = map[string]any
	_, organization := l.ask(root, "createOrganization", "CreateOrganizationInput", "organization { id }", object{"name": "Acme", "slug": "acme", "plan": "ENTERPRISE"})
	l.ask(root, "addMember", "AddMemberInput", "member { id }", object{"organizationId": organization, "email": "owner@acme.test", "role": "OWNER"})
	var tokenIDs []string
	for _, role := range []string{"ADMIN", "GATEWAY", "VIEWER"} {
		secret, id := l.ask(root, "createAccessToken", "CreateAccessTokenInput", "secret accessToken { id }", object{"organizationId": organization, "name": role, "role": role})
		l.secrets[role+" token"], tokenIDs = secret, append(tokenIDs, id)
	}
	admin, gateway := l.secrets["ADMIN token"], l.secrets["GATEWAY token"]
	secret, keyID := l.ask(admin, "createApiKey", "CreateApiKeyInput", "secret apiKey { id }", object{"ownerId": organization, "name": "key",
		"budgetLimits": []object{{"type": "TOKENS", "amount": 10, "alertThresholds": []int{5}}}})
	l.secrets["API key"] = secret
	l.ask(gateway, "reserveUsage", "ReserveUsageInput", "decision { allowed }", object{"secret": secret, "requestId": "one", "estimate": object{"tokens": 3}})
	l.ask(gateway, "recordUsage", "RecordUsageInput", "usageEvent { id }", object{"secret": secret, "inputTokens": 10})
	l.ask(gateway, "reserveUsage", "ReserveUsageInput", "decision { allowed denials { message } }", object{"secret": secret})
	l.secrets["rotated API key"], _ = l.ask(admin, "rotateApiKey", "RotateApiKeyInput", "secret apiKey { id }", object{"id": keyID})
	l.signIn(issuer, keyID)
	l.secrets["unknown token"] = auth.NewSecret(auth.AccessTokenPrefix).Text
	for what, s := range l.secrets {
		if len(s) < 10 {
			t.Fatalf("the run made no %s", what)
		}
	}
	for what, s := range l.secrets {
		if what == "database's password" || what == "Resend's key" || what == "webhook's secret" || what == "metrics token" {
			continue // no client knows them
		}
		l.misplace(admin, s, organization, keyID, what != "root token")
		l.send(http.MethodPost, "/graphql", s+"x", `{"query": "{ viewer { role } }"}`)
		l.send(http.MethodPost, "/graphql", s[:len(s)-1], `{"query": "{ viewer { role } }"}`)
	}
	l.send(http.MethodPost, "/graphql", l.secrets["unknown token"], `{"query": "{ viewer { role } }"}`)
	l.ask(admin, "revokeAccessToken", "RevokeAccessTokenInput", "accessToken { id }", object{"id": tokenIDs[2]})
	l.send(http.MethodPost, "/graphql", l.secrets["VIEWER token"], `{"query": "{ viewer { role } }"}`)
	eventually(t, "no mail arrives", func() bool { return len(provider.Inbox("owner@acme.test")) > 0 })
	gate.set(false)
	var away sync.WaitGroup
	for _, token := range []string{root, admin, gateway, l.secrets["unknown token"]} {
		away.Go(func() {
			l.send(http.MethodPost, "/graphql", token, `{"query": "{ viewer { role organization { id } } apiKeys { totalCount } }"}`)
		})
		away.Go(func() {
			l.ask(token, "recordUsage", "RecordUsageInput", "usageEvent { id }", object{"key": secret, "inputTokens": 1})
		})
	}
	away.Wait()
	gate.set(true)
	metrics := l.send(http.MethodGet, "/metrics", l.secrets["metrics token"], "")

	for name, text := range map[string]string{
		"the server's log": server.output.String(), "the worker's log": worker.output.String(), "the errors": strings.Join(l.errors, "\n"),
		"the mails": fmt.Sprint(provider.Inbox("owner@acme.test")), "the metrics": metrics,
	} {
		l.search(name, text, true)
		if len(text) < 100 {
			t.Errorf("%s are empty: the test has looked at nothing", name)
		}
	}
	l.searchDatabase(direct)
}

// signIn has the owner sign in with a token of the issuer's and change something, and others fail to.
func (l *leak) signIn(issuer *ssotest.Provider, keyID string) {
	l.t.Helper()
	const address = "owner@acme.test"
	l.secrets["sign-in token"] = issuer.SignIn(ssotest.Portal, address, true)
	l.secrets["sign-in token for another client"] = issuer.SignIn(ssotest.Other, address, true)
	l.secrets["sign-in token that is over"] = issuer.Sign(issuer.Claims(address, map[string]any{"exp": 1_000_000_000}))
	l.parts = map[string]string{}
	for what, token := range l.secrets {
		if parts := strings.Split(token, "."); len(parts) == 3 && strings.HasPrefix(what, "sign-in") {
			l.parts[what+"'s claims"], l.parts[what+"'s signature"] = parts[1], parts[2]
		}
	}
	_, changed := l.ask(l.secrets["sign-in token"], "updateApiKey", "UpdateApiKeyInput", "apiKey { id }", map[string]any{"id": keyID, "description": "signed in"})
	if changed != keyID || len(l.parts) != 6 {
		l.t.Fatalf("nobody has signed in: %v", l.errors)
	}
}

// search looks for the secrets in a text, and for their hashes if it must not have these either.
func (l *leak) search(name, text string, hashes bool) {
	l.t.Helper()
	for what, part := range l.parts {
		if strings.Contains(text, part) {
			l.t.Errorf("%s: the %s are there", name, what)
		}
	}
	for what, secret := range l.secrets {
		forms := map[string]string{what: secret}
		if hashes {
			hash := auth.Hash(secret)
			forms[what+"'s hash in hexadecimal"] = hex.EncodeToString(hash)
			forms[what+"'s hash in base 64"] = base64.RawStdEncoding.EncodeToString(hash)
			forms[what+"'s hash in base 64 for URLs"] = base64.RawURLEncoding.EncodeToString(hash)
		}
		for form, wanted := range forms {
			if at := strings.Index(text, wanted); at >= 0 {
				l.t.Errorf("%s: the %s is there: …%s…", name, form, text[max(0, at-200):min(len(text), at+len(wanted)+50)])
			}
		}
	}
}

// searchDatabase looks through every row of every table.
func (l *leak) searchDatabase(databaseURL string) {
	l.t.Helper()
	pool := database.Pool(l.t, databaseURL)
	query := func(statement string) []string {
		rows, err := pool.Query(l.t.Context(), statement)
		if err != nil {
			l.t.Fatal(err)
		}
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			l.t.Fatal(err)
		}
		return texts
	}
	tables := query("select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
	holds := map[string]bool{}
	for _, table := range query("select distinct table_name::text from information_schema.columns where table_schema = 'public' and column_name like '%hash%'") {
		holds[table] = true
	}
	found := 0
	for _, table := range tables {
		rows := query("select t::text from " + pgx.Identifier{table}.Sanitize() + " t")
		found += len(rows)
		l.search("the table "+table, strings.Join(rows, "\n"), !holds[table])
	}
	if found < 20 || len(holds) == 0 || len(holds) > 5 {
		l.t.Errorf("%d rows in %d tables, of which %d hold hashes: the test looks in the wrong place", found, len(tables), len(holds))
	}
}
