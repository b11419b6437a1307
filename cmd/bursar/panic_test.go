package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/cells/pools"
	"bursar/db/dbtest"
	"bursar/observe"
)

// panics is a tracer with which every resolver that asks for a connection panics, and says all that it knows of the request.
type panics struct{}

func (panics) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	if graphql.HasOperationContext(ctx) {
		o := graphql.GetOperationContext(ctx)
		panic(fmt.Errorf("in %s with %v, asked with %v", o.RawQuery, o.Variables, o.Headers))
	}
	return ctx
}

func (panics) TraceAcquireEnd(context.Context, *pgxpool.Pool, pgxpool.TraceAcquireEndData) {}

func (panics) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (panics) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Guarantee: a resolver that panics with the whole request in its hands answers INTERNAL, and is logged with where and what it
// was, but with no token, API key or sign-in token, nor the root token that has no form.
func TestPanicsLeakNoSecret(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	const root = "a-root-token-that-a-person-chose"
	databaseURL, issuer := database.NewURL(t), ssotest.New(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	log := newOutput()
	logger := observe.NewLogger(log, observe.JSON, slog.LevelDebug, root)
	databases, err := opening{
		home: databaseURL, jobs: true, config: pools.Config{ApplicationName: t.Name(), AllowSuperuser: true, Tracer: panics{}, Logger: logger},
	}.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDatabases(databases) })
	signIn := signInFlags{}
	signIn.Issuer, signIn.Audience = issuerURL(issuer.URL), ssotest.Portal
	handler, _, stop, err := service{databases: databases, rootToken: root, exposure: exposureFlags{SignIn: signIn}, logger: logger}.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)

	l := &leak{t: t, url: listener.URL, parts: map[string]string{}, secrets: map[string]string{
		"root token": root, "API key": tenant.Secret.Text, "ADMIN token": tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN),
		"sign-in token": issuer.SignIn(ssotest.Portal, tenant.Owner.Email, true), "another API key": auth.NewSecret(auth.APIKeyPrefix).Text,
	}}
	parts := strings.Split(l.secrets["sign-in token"], ".")
	l.parts["claims"], l.parts["signature"] = parts[1], parts[2]
	panicked := 0
	for _, who := range []string{"root token", "ADMIN token", "sign-in token"} {
		for _, secret := range l.secrets {
			l.send("POST", "/graphql", l.secrets[who], fmt.Sprintf(`{"query": "query($key: String!) { checkUsage(input: {key: $key}) { allowed } apiKeys { totalCount } }",
				"variables": {"key": %q}}`, secret))
			panicked++
		}
	}
	l.search("the log", log.String(), true)
	l.search("the errors", strings.Join(l.errors, "\n"), true)
	if found := strings.Count(log.String(), `"msg":"panic"`); found < panicked {
		t.Errorf("%d panics are logged of more than %d: the test has looked at nothing", found, panicked)
	}
	wantContains(t, "the log", log.String(), "panic_test.go", "[secret]", "checkUsage(input: {key: $key})")
	wantContains(t, "the answers", strings.Join(l.errors, "\n"), `"code":"INTERNAL"`, `"message":"internal error"`)
}
