package graph

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/exec"
)

const (
	maxBody       = 2 << 20 // bytes of a request's body
	maxComplexity = 25_000  // the contract's ApiKeys with a page of 100 is about 14,000
	maxDepth      = 15      // levels of a document's selections; the contract's deepest has 6, introspection is not counted
	maxDocument   = 15_000  // tokens of a document
	cachedQueries = 1_000   // parsed documents that are kept

	defaultTimeout = 15 * time.Second
	// tokenTimeout bounds the look-up of a token, one row by its index, that every operation waits for: a gateway is to hear
	// soon that the database hangs.
	tokenTimeout = 5 * time.Second
)

// Config says what the API works with.
type Config struct {
	Pool      *pgxpool.Pool
	RootToken string       // "" when there is none
	Logger    *slog.Logger // of what clients are not told
	// Timeout is how long the database may take to run an operation; then the answer is UNAVAILABLE. 0 is 15 s. Enforcement
	// has its own, shorter one, and to say whose a token is it has at most 5 s.
	Timeout time.Duration
	Enforce enforce.Config // zero: the defaults
}

// Server serves the GraphQL API.
type Server struct {
	http.Handler
	enforcer *enforce.Enforcer
}

// New returns the API. It works until Close.
func New(config Config) *Server {
	enforcer := enforce.New(config.Pool, config.Enforce)
	resolver := &Resolver{pool: config.Pool, queries: db.New(), enforcer: enforcer}
	graphQL := handler.New(exec.NewExecutableSchema(exec.Config{
		Resolvers:  resolver,
		Directives: exec.DirectiveRoot{Auth: requireRole},
		Complexity: complexity(),
	}))
	present := presenter{config.Logger}
	graphQL.AddTransport(transport.Options{})
	graphQL.AddTransport(transport.GET{})
	graphQL.AddTransport(transport.POST{})
	graphQL.SetErrorPresenter(present.present)
	graphQL.SetRecoverFunc(present.recovered)
	graphQL.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	graphQL.SetParserTokenLimit(maxDocument)
	graphQL.Use(extension.Introspection{})
	graphQL.Use(extension.FixedComplexityLimit(maxComplexity))
	graphQL.Use(operationRules{})

	timeout := cmp.Or(config.Timeout, defaultTimeout)
	authenticate := newAuthenticator(config.Pool, config.RootToken, min(timeout, tokenTimeout))
	handler := authenticate.middleware(withTimeout(timeout, withFamilies(graphQL)))
	return &Server{Handler: withRequestID(withBody(handler)), enforcer: enforcer}
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

// withBody reads a request's body, and answers one that is no GraphQL request itself, because gqlgen's answer would have no
// code: another method or content type, a body that is too large or no JSON.
func withBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); {
		case r.Header.Get("Upgrade") != "":
			refuse(w, r, http.StatusNotImplemented, "there are no subscriptions; send queries and mutations without Upgrade")
			return
		case r.Method == http.MethodGet || r.Method == http.MethodOptions:
			next.ServeHTTP(w, r)
			return
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", "GET, POST, OPTIONS")
			refuse(w, r, http.StatusMethodNotAllowed, "GraphQL is served to GET and POST")
			return
		case err != nil || mediaType != "application/json":
			refuse(w, r, http.StatusUnsupportedMediaType, "send the request as Content-Type: application/json")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			refuse(w, r, http.StatusRequestEntityTooLarge, "the request's body has more than 2 MiB")
		case err != nil:
			refuse(w, r, http.StatusBadRequest, "the request's body could not be read")
		case !json.Valid(body):
			refuse(w, r, http.StatusBadRequest, "the request's body is no JSON")
		default:
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
		}
	})
}

// refuse answers a request that is not GraphQL at all, in the form of a GraphQL error.
func refuse(w http.ResponseWriter, r *http.Request, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	err := &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(fault.BadUserInput), "requestId": RequestID(r.Context())}}
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": gqlerror.List{err}}) // the client may be gone
}

func stack() string { return string(debug.Stack()) }
