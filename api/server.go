// Package api serves the GraphQL API over HTTP. It does what stands between HTTP and the resolvers of package graph: it reads
// requests, authenticates callers, admits or refuses requests, bounds documents, and presents errors.
package api

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/time/rate"

	"bursar/adapter"
	"bursar/api/admission"
	"bursar/api/authn"
	"bursar/api/document"
	"bursar/api/requestid"
	"bursar/auth"
	"bursar/auth/sso"
	"bursar/db"
	"bursar/db/cells"
	"bursar/db/standby"
	"bursar/denials"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph"
	"bursar/graph/directive"
	"bursar/graph/keyscope"
	"bursar/graph/loader"
	"bursar/graph/placement"
	"bursar/graph/validate"
	"bursar/httpserver"
	"bursar/webhook"
)

const (
	defaultTimeout   = 15 * time.Second
	busyLogInterval  = 10 * time.Second // between log lines that say that requests are refused
	maxLookupTimeout = 5 * time.Second  // of the look-up of a token, one row by its index, which every operation waits for
)

// Config says what the API works with.
type Config struct {
	// Cells are the databases, where there are several. nil: there is one, Pool.
	Cells *cells.Set
	// Placement says where organizations are made; see placement.New. "": at home.
	Placement string
	// Pool is the database. Its connections act as db.ServerRole. Not used with Cells.
	Pool *pgxpool.Pool
	// EnforcementPool serves enforcement and the look-ups of tokens, so that they never wait for a connection that other
	// operations hold. nil: Pool.
	EnforcementPool *pgxpool.Pool
	// Standbys may answer what only reads. nil: there are none.
	Standbys *standby.Set
	// Only says which operations are answered; others are FORBIDDEN. "": all are.
	Only Only
	// RootToken is the operator's. "": there is none.
	RootToken string
	// Logger gets what clients are not told.
	Logger *slog.Logger
	// Timeout is the time of an operation, after which its answer is UNAVAILABLE. 0: 15 s. Enforcement calls have a shorter one
	// of their own (Enforce), and the look-up of a token has at most 5 s.
	Timeout time.Duration
	// Enforce says how enforcement calls are batched. Zero: the defaults.
	Enforce enforce.Config
	// Observer counts errors and streams, and times admission. nil: nothing does.
	Observer Observer

	// Issuer signs the tokens of people. nil: only access tokens are accepted.
	Issuer *sso.Issuer
	// Logins counts failed logins. nil: this server counts its own.
	Logins *auth.Logins
	// Introspection says who may ask for the schema. "": IntrospectionTokens.
	Introspection Introspection
	// Origins are those of pages on other hosts whose scripts may call, as https://portal.example. None: no such page may.
	// New panics for one that http.CrossOriginProtection.AddTrustedOrigin refuses.
	Origins []string
	// Streams is how many listeners to events there may be in all; more than 4,096 are 4,096. 0: 4,096.
	Streams int
	// WebhookNetworks are those that are not public and that webhooks may be in. nil: none.
	WebhookNetworks webhook.Networks
	// TrustedDocuments are the only operations that are executed. nil: any is.
	TrustedDocuments *document.Trusted
}

// Server serves the GraphQL API.
type Server struct {
	http.Handler
	// Schema serves the schema in GraphQL's schema definition language.
	Schema http.Handler
	// Exports serves usage, the ledger and the audit log as CSV, under /export/.
	Exports http.Handler
	// Events streams what changes in the caller's organization.
	Events http.Handler
	// Adapters answer other gateways in their own forms, by the patterns of their paths. They are enforcement calls.
	Adapters map[string]http.Handler
	// Deciding is the database on whose connections enforcement works, for other protocols than HTTP.
	Deciding *db.TenantDB
	// Enforcer decides, for other protocols than HTTP. It works until Close.
	Enforcer *enforce.Enforcer
	// Authenticate puts the caller of a call that is no HTTP request into its context, or why there is none, by the address that it comes from and what it
	// sends as Authorization. It waits where the address has sent too many wrong tokens.
	Authenticate func(ctx context.Context, address, authorization string) context.Context
	denials      *denials.Counter
	hubs         hubs
	stop         context.CancelFunc // of the hubs
}

// New returns a server, which works until Close.
func New(config Config) *Server {
	config.Introspection = cmp.Or(config.Introspection, IntrospectionTokens)
	databases := newDatabases(&config)
	timeout := cmp.Or(config.Timeout, defaultTimeout)
	present := presenter{config.Logger, config.RootToken, &rate.Sometimes{First: 1, Interval: busyLogInterval}, config.Observer}
	tarpit := admission.NewTarpit()
	controller := admission.NewController(tarpit)
	controller.Observer, controller.AlwaysThrottles = config.Observer, config.Only == OnlyControl
	counter := denials.New(denials.Config{Pool: config.Pool, Route: databases.route, Logger: config.Logger, Lost: config.lostDenials})
	config.Enforce.Denials = counter
	enforcer := databases.enforcer(&config)
	uses := keyscope.NewIDUses(config.Logger, time.Now)
	resolver := graph.New(graph.Config{
		Database: databases.control, Places: databases.places, Enforcer: enforcer, KeyIDUses: uses, Present: present.present, ReportShare: controller.ReportShare,
		HasIssuer: config.Issuer != nil, WebhookNetworks: config.WebhookNetworks,
	})
	authenticator := authn.New(authn.Config{
		Tokens: databases.enforcement, Members: databases.control, RootToken: config.RootToken,
		Timeout: min(timeout, maxLookupTimeout), Logins: config.Logins, Issuer: config.Issuer,
		Refuse: func(w http.ResponseWriter, r *http.Request, wait time.Duration, err error) {
			tarpit.DelayOrAbort(r.Context())
			httpserver.LeaveBody(w, r)
			w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
			answer(w, http.StatusTooManyRequests, present.present(r.Context(), err))
		},
	})
	handler := withTimeout(timeout, newGraphQL(config, resolver, databases.places, present, controller))
	handler = controller.Handler(withBody(present, tarpit, handler))
	handler = requireToken(config.Introspection, present, tarpit, handler)
	hubs := newHubs(&config)
	working, stop := context.WithCancel(context.Background())
	hubs.run(working)
	streams := controller.Handler(events{hubs, databases, present, tarpit})
	public := func(handler http.Handler) http.Handler { // to whoever may call at all
		handler = chooseCell(databases.places, func(w http.ResponseWriter, r *http.Request, err error) { present.refuseWith(w, r, tarpit, err) }, handler)
		handler = guardOrigins(config.Origins, present, authenticator.Handler(handler))
		return requestid.Handler(present.holdsSecret, withHeaders(present, handler))
	}
	others := &adapters{present, tarpit, controller, authenticator, databases.places, timeout, newBodies()}
	enforcement := adapter.New(enforcer, uses, databases.control)
	exports := controller.Handler(newExports(config, databases, authenticator, present, tarpit))
	return &Server{
		Handler: public(handler), Schema: public(serveSchema(config.Introspection, present, tarpit)), Exports: public(exports),
		Events: public(streams), Adapters: others.handlers(routes(enforcement)), Deciding: databases.enforcement, Enforcer: enforcer, denials: counter, hubs: hubs, stop: stop,
		Authenticate: func(ctx context.Context, address, authorization string) context.Context {
			known, wait := authenticator.Call(ctx, address, authorization)
			if _, err := auth.FromContext(known); wait > 0 || fault.CodeOf(err) == fault.Unauthenticated && err != nil {
				_ = tarpit.Delay(ctx)
			}
			return known
		},
	}
}

// NewTrustedDocuments reads a file of trusted documents; see [document.NewTrusted]. They must be valid by the schema.
func NewTrustedDocuments(name string, content []byte) (*document.Trusted, error) {
	return document.NewTrusted(graph.Schema(), name, content)
}

// newGraphQL returns the handler of gqlgen with its extensions, in their order: what finds a document, what refuses an operation,
// admission, and the rules of input.
func newGraphQL(config Config, resolver *graph.Resolver, places *placement.Places, present presenter, controller *admission.Controller) http.Handler {
	graphQL := handler.New(graph.NewExecutableSchema(resolver))
	documents := document.NewParsed()
	graphQL.AddTransport(transport.Options{})
	graphQL.AddTransport(overHTTP{present})
	graphQL.SetErrorPresenter(present.present)
	graphQL.SetRecoverFunc(present.recovered)
	graphQL.SetQueryCache(parsedDocument{})
	graphQL.SetParserTokenLimit(document.MaxTokens)
	if config.TrustedDocuments != nil {
		graphQL.Use(config.TrustedDocuments)
	} else {
		graphQL.Use(extension.AutomaticPersistedQuery{Cache: document.NewPersisted()})
	}
	graphQL.Use(operationRules{config.Only, config.Introspection})
	graphQL.Use(document.NewComplexityLimit(directive.IsEnforcement))
	graphQL.Use(admission.Extension{
		Controller: controller, Check: document.Check, Exempt: directive.IsEnforcement,
		Known: func(ctx context.Context, text string) bool {
			_, known := documents.Get(ctx, text)
			return known
		},
	})
	graphQL.Use(inputRules{graph.Schema(), documents, config.Introspection != IntrospectionOff, validate.Input})
	graphQL.AroundResponses(withEveryError)
	graphQL.AroundResponses(loader.PerOperation)
	graphQL.AroundResponses(places.OfOperation)
	graphQL.AroundResponses(readFrom(config.Standbys))
	return graphQL
}

// EndStreams ends the streams of events, and has further ones refused. It is called before the HTTP server waits for its requests to end.
func (s *Server) EndStreams() { s.hubs.stop() }

// Close answers the enforcement calls that are queued, writes the counts of denied requests, and returns then. No request may be served
// afterwards.
func (s *Server) Close() {
	s.stop()
	s.Enforcer.Close()
	s.denials.Close()
}

// withTimeout ends a request's context after a time, so that an operation on a database that hangs is UNAVAILABLE.
func withTimeout(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
