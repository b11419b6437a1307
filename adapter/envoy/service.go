// Package envoy answers Envoy's rate limit service and its authorization service, which gateways built on Envoy, and others, ask over gRPC. What they
// ask is carried out in the same batches, and by the same rules, as reserveUsage and recordUsage of the GraphQL API.
package envoy

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/time/rate"
	"google.golang.org/grpc"

	"bursar/adapter/envoy/mapping"
	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/directive"
	"bursar/graph/keyscope"
	"bursar/graph/sdl"
)

// Config says what a Service works with.
type Config struct {
	Enforcer *enforce.Enforcer
	Database *db.TenantDB // where reservations are looked up by their request ids
	Mapping  *mapping.Mapping
	Logger   *slog.Logger
}

// Service answers both services of Envoy. Who calls must be in the context (auth.FromContext).
type Service struct {
	ratelimitv3.UnimplementedRateLimitServiceServer
	authv3.UnimplementedAuthorizationServer

	enforcer *enforce.Enforcer
	database *db.TenantDB
	uses     *keyscope.IDUses
	logger   *slog.Logger
	mapping  atomic.Pointer[mapping.Mapping]
	recent   *lru.Cache[requestKey, held] // reservations made here, so that most settlements need no look-up
	reserve  *ast.FieldDefinition         // whose @auth says who may ask
	refusals *rate.Sometimes              // log lines about calls that are refused for what they are
	outages  *rate.Sometimes              // log lines about calls that could not be decided
}

// requestKey names a request within its organization.
type requestKey struct {
	organizationID uuid.UUID
	requestID      string
}

// held is a reservation, and the hash of what named its key.
type held struct {
	id  uuid.UUID
	key [32]byte
}

const (
	maxRecent = 1 << 16
	logEvery  = 10 * time.Second
)

// New returns a Service.
func New(config Config) *Service {
	recent, err := lru.New[requestKey, held](maxRecent)
	if err != nil {
		panic(err) // the size is positive
	}
	s := &Service{
		enforcer: config.Enforcer, database: config.Database, uses: keyscope.NewIDUses(config.Logger, time.Now), logger: config.Logger, recent: recent,
		reserve:  sdl.Schema().Mutation.Fields.ForName("reserveUsage"),
		refusals: &rate.Sometimes{First: 1, Interval: logEvery}, outages: &rate.Sometimes{First: 1, Interval: logEvery},
	}
	s.mapping.Store(config.Mapping)
	return s
}

// Change has further calls read by another mapping. Calls under way go on as they began.
func (s *Service) Change(m *mapping.Mapping) { s.mapping.Store(m) }

// Register registers both services with a server.
func (s *Service) Register(on grpc.ServiceRegistrar) {
	ratelimitv3.RegisterRateLimitServiceServer(on, s)
	authv3.RegisterAuthorizationServer(on, s)
}

// authorize refuses callers who may not reserve. The token may be remembered: the statements of enforcement look at it.
func (s *Service) authorize(ctx context.Context) error {
	principal, err := auth.FromContext(ctx)
	if err != nil {
		return err
	}
	return directive.May(principal, s.reserve)
}

// failed logs an error that whoever runs the gateway has to see, because most gateways let requests pass then, and returns what the caller is told.
func (s *Service) failed(ctx context.Context, what string, err error) error {
	switch fault.CodeOf(err) { //nolint:exhaustive // the others are what the call itself is wrong about
	case fault.Internal:
		s.logger.ErrorContext(ctx, "a call of Envoy failed", "call", what, "error", err)
	case fault.Unavailable:
		if !errors.Is(err, context.Canceled) { // whoever asked has left
			s.outages.Do(func() { s.logger.WarnContext(ctx, "a call of Envoy could not be decided", "call", what, "error", err) })
		}
	default:
		s.refusals.Do(func() { s.logger.WarnContext(ctx, "a call of Envoy was refused", "call", what, "error", err) })
	}
	return told(err)
}
