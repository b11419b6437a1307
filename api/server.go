// Package api serves the GraphQL API over HTTP. It stands between HTTP and the resolvers: it reads requests, finds out who calls,
// lets them wait, bounds documents, and presents errors.
package api

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/time/rate"

	"bursar/api/admission"
	"bursar/api/authn"
	"bursar/api/document"
	"bursar/api/requestid"
	"bursar/auth"
	"bursar/auth/sso"
	"bursar/db"
	"bursar/enforce"
	"bursar/graph"
)

const (
	defaultTimeout = 15 * time.Second
	busyEvery      = 10 * time.Second // between log lines that tell of refused portals
	// tokenTimeout bounds the look-up of a token, one row by its index, that every operation waits for: a gateway is to hear
	// soon that the database hangs.
	tokenTimeout = 5 * time.Second
)

// Config says what the API works with.
type Config struct {
	Pool *pgxpool.Pool // whose connections act as db.ServerRole
	// EnforcementPool is what enforcement and the look-ups of tokens use, so that they never wait for a connection that the
	// rest has. nil: Pool.
	EnforcementPool *pgxpool.Pool
	RootToken       string       // "" when there is none
	Logger          *slog.Logger // of what clients are not told
	// Timeout is how long the database may take to run an operation; then the answer is UNAVAILABLE. 0 is 15 s. Enforcement
	// has its own, shorter one, and to say whose a token is it has at most 5 s.
	Timeout time.Duration
	Enforce enforce.Config // zero: the defaults
	// Observer counts errors and times admission. nil: nothing does.
	Observer Observer

	Issuer        *sso.Issuer   // of people's own tokens; nil: only access tokens are believed
	Logins        *auth.Logins  // counts those that fail; nil: those of this server alone
	Introspection Introspection // "" is IntrospectionTokens
	// Origins are those of pages on other hosts whose scripts may call, as https://portal.example; none: none may. Each must
	// be one (http.CrossOriginProtection.AddTrustedOrigin).
	Origins          []string
	TrustedDocuments *document.Trusted // the only operations that run; nil: any does
}

// Server serves the GraphQL API.
type Server struct {
	http.Handler
	enforcer *enforce.Enforcer
}

// New returns the API. It works until Close.
func New(config Config) *Server {
	config.Introspection = cmp.Or(config.Introspection, IntrospectionTokens)
	config.EnforcementPool = cmp.Or(config.EnforcementPool, config.Pool)
	// the functions of enforcement see every organization's rows and confine their callers themselves
	enforcer := enforce.New(config.EnforcementPool, config.Enforce)
	slowly := admission.NewTarpit()
	admit := admission.NewController(slowly)
	admit.Observer = config.Observer
	resolver := graph.New(graph.Config{Database: db.Confine(config.Pool), Enforcer: enforcer, ReportShare: admit.ReportShare})
	present := presenter{config.Logger, config.RootToken, &rate.Sometimes{First: 1, Interval: busyEvery}, config.Observer}
	graphQL := newGraphQL(config, resolver, present, admit)
	timeout := cmp.Or(config.Timeout, defaultTimeout)
	authenticate := authn.New(authn.Config{
		Tokens: db.Confine(config.EnforcementPool), Members: db.Confine(config.Pool), RootToken: config.RootToken,
		Timeout: min(timeout, tokenTimeout), Logins: config.Logins, Issuer: config.Issuer,
		Refuse: func(w http.ResponseWriter, r *http.Request, wait time.Duration, err error) {
			slowly.DelayOrAbort(r.Context())
			w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
			answer(w, http.StatusTooManyRequests, present.present(r.Context(), err))
		},
	})
	handler := admit.Handler(withBody(present, slowly, withTimeout(timeout, graphQL)))
	handler = requireToken(config.Introspection, present, slowly, handler)
	handler = guardOrigins(config.Origins, present, authenticate.Handler(handler))
	return &Server{Handler: requestid.Handler(present.holdsSecret, withHeaders(handler)), enforcer: enforcer}
}

// NewTrustedDocuments reads a file of documents for the schema, as [document.NewTrusted] does.
func NewTrustedDocuments(name string, content []byte) (*document.Trusted, error) {
	return document.NewTrusted(graph.Schema(), name, content)
}

// newGraphQL returns the part of the server that gqlgen runs.
func newGraphQL(config Config, resolver *graph.Resolver, present presenter, admit *admission.Controller) http.Handler {
	graphQL := handler.New(graph.NewExecutableSchema(resolver))
	documents := document.NewParsed()
	graphQL.AddTransport(transport.Options{})
	graphQL.AddTransport(transport.GET{})
	graphQL.AddTransport(transport.POST{})
	graphQL.SetErrorPresenter(present.present)
	graphQL.SetRecoverFunc(present.recovered)
	graphQL.SetQueryCache(documents)
	graphQL.SetParserTokenLimit(document.MaxTokens)
	graphQL.SetDisableSuggestion(config.Introspection == IntrospectionOff)
	if config.TrustedDocuments != nil {
		graphQL.Use(config.TrustedDocuments)
	} else {
		graphQL.Use(extension.AutomaticPersistedQuery{Cache: document.NewPersisted()})
	}
	graphQL.Use(operationRules{config.Introspection})
	graphQL.Use(document.NewComplexityLimit(graph.IsEnforcement))
	graphQL.Use(admission.Extension{
		Controller: admit, Check: document.Check, Exempt: graph.IsEnforcement,
		Known: func(ctx context.Context, text string) bool {
			_, known := documents.Get(ctx, text)
			return known
		},
	}) // behind what finds a document, and what refuses an operation
	graphQL.AroundResponses(withFewErrors)
	graphQL.AroundResponses(graph.PerOperation)
	return graphQL
}

// Close answers the enforcement calls that are queued and ends. No request may be served afterwards.
func (s *Server) Close() { s.enforcer.Close() }

// withTimeout bounds an operation: a database that hangs is UNAVAILABLE, not a request without an end.
func withTimeout(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func stack() string { return string(debug.Stack()) }
