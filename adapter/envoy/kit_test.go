package envoy_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"testing"
	"time"

	ratelimitcommonv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"bursar/adapter/envoy"
	"bursar/adapter/envoy/mapping"
	"bursar/api"
	"bursar/db"
	"bursar/enforce"
	"bursar/graph/graphtest"
	"bursar/grpcserver"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

// rules are those of the tests: a caller's key, a model, a unit and a request id by the names of headers.
const rules = `
domains:
  - domain: llm
    rules:
      - name: usage
        key: {entry: authorization, strip: "Bearer "}
        requestId: {entry: x-request-id}
        provider: {entry: provider}
        model: {entry: model}
        metadata: {user: {entry: user}}
        unit: {entry: unit, default: tokens}
        phase: {entry: phase, default: auto}
`

// gateway is a client of both services, as Envoy is, on a database with one tenant.
type gateway struct {
	*graphtest.API

	limits   ratelimitv3.RateLimitServiceClient
	checks   authv3.AuthorizationClient
	token    string // that calls bring; "": none
	server   *api.Server
	envoy    *envoy.Service
	endpoint string
}

// newGateway starts a server with some rules.
func newGateway(t *testing.T, text string) *gateway {
	t.Helper()
	return newGatewayOn(t, kit.New(t), text, enforce.Config{})
}

func newGatewayOn(t *testing.T, pool *pgxpool.Pool, text string, config enforce.Config) *gateway {
	t.Helper()
	g := &gateway{API: kit.Serve(t, pool)}
	serverPool := kit.ServerPool(t, pool)
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	g.server = api.New(api.Config{Pool: serverPool, Logger: logger, Enforce: config})
	m, err := mapping.Parse("envoy.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g.envoy = envoy.New(envoy.Config{Enforcer: g.server.Enforcer, Database: db.NewTenantDB(serverPool), Mapping: m, Logger: logger})
	g.token = g.Gateway
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running := grpcserver.Serve(listener, grpcserver.Config{
		Logger: logger,
		Authenticate: func(ctx context.Context) (context.Context, error) {
			sent, _ := metadata.FromIncomingContext(ctx)
			authorization := ""
			if values := sent.Get("authorization"); len(values) == 1 {
				authorization = values[0]
			}
			return g.server.Authenticate(ctx, "192.0.2.1:1", authorization), nil
		},
		Services: func(on grpc.ServiceRegistrar) []string { g.envoy.Register(on); return nil },
	})
	t.Cleanup(func() {
		running.Stop(5 * time.Second)
		g.server.Close()
	})
	g.endpoint = listener.Addr().String()
	connection := g.connect(t)
	g.limits, g.checks = ratelimitv3.NewRateLimitServiceClient(connection), authv3.NewAuthorizationClient(connection)
	return g
}

func (g *gateway) connect(t testing.TB) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient(g.endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// as returns a context of calls that bring the token.
func (g *gateway) as(ctx context.Context) context.Context {
	if g.token == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+g.token)
}

// descriptor makes a descriptor of the tenant's key, out of keys and values.
func (g *gateway) descriptor(pairs ...string) *ratelimitcommonv3.RateLimitDescriptor {
	return descriptor(append([]string{"authorization", "Bearer " + g.Tenant.Secret.Text}, pairs...)...)
}

func descriptor(pairs ...string) *ratelimitcommonv3.RateLimitDescriptor {
	d := &ratelimitcommonv3.RateLimitDescriptor{}
	for i := 0; i < len(pairs); i += 2 {
		d.Entries = append(d.Entries, &ratelimitcommonv3.RateLimitDescriptor_Entry{Key: pairs[i], Value: pairs[i+1]})
	}
	return d
}

// hits gives a descriptor hits.
func hits(d *ratelimitcommonv3.RateLimitDescriptor, n uint64) *ratelimitcommonv3.RateLimitDescriptor {
	d.HitsAddend = wrapperspb.UInt64(n)
	return d
}

// ask calls the rate limit service.
func (g *gateway) ask(descriptors ...*ratelimitcommonv3.RateLimitDescriptor) (*ratelimitv3.RateLimitResponse, error) {
	return g.limits.ShouldRateLimit(g.as(g.T.Context()), &ratelimitv3.RateLimitRequest{Domain: "llm", Descriptors: descriptors})
}

// want calls the rate limit service and wants a code.
func (g *gateway) want(code ratelimitv3.RateLimitResponse_Code, descriptors ...*ratelimitcommonv3.RateLimitDescriptor) *ratelimitv3.RateLimitResponse {
	g.T.Helper()
	response, err := g.ask(descriptors...)
	if err != nil {
		g.T.Fatalf("the call failed: %v", err)
	}
	if response.GetOverallCode() != code || len(response.GetStatuses()) != len(descriptors) {
		g.T.Fatalf("the answer is %v, want %s", response, code)
	}
	return response
}

const (
	ok   = ratelimitv3.RateLimitResponse_OK
	over = ratelimitv3.RateLimitResponse_OVER_LIMIT
)

// budget makes a budget of the tenant's key, in tokens a month.
func (g *gateway) budget(tokens int) {
	g.T.Helper()
	g.Run(g.Admin, "CreateBudgetLimit", graphtest.Object{"input": graphtest.Object{
		"subjectId": g.KeyID(), "type": "TOKENS", "amount": strconv.Itoa(tokens), "periodicReset": "MONTHLY"}})
}

// count returns a number out of the database.
func (g *gateway) count(query string, arguments ...any) (number int64) {
	g.T.Helper()
	if err := g.Pool.QueryRow(g.T.Context(), query, arguments...).Scan(&number); err != nil {
		g.T.Fatal(err)
	}
	return number
}

// booked checks how many events the ledger has, and their requests and tokens.
func (g *gateway) booked(events, requests, tokens int64) {
	g.T.Helper()
	gotEvents := g.count(`select count(*) from usage_events`)
	gotRequests := g.count(`select coalesce(sum(requests), 0)::bigint from usage_events`)
	gotTokens := g.count(`select coalesce(sum(input_tokens + output_tokens), 0)::bigint from usage_events`)
	if gotEvents != events || gotRequests != requests || gotTokens != tokens {
		g.T.Errorf("booked are %d events, %d requests, %d tokens; want %d, %d, %d", gotEvents, gotRequests, gotTokens, events, requests, tokens)
	}
}

// held checks how many reservations are open.
func (g *gateway) held(number int64) {
	g.T.Helper()
	if got := g.count(`select count(*) from reservations where status = 'HELD'`); got != number {
		g.T.Errorf("%d reservations are open, want %d", got, number)
	}
}
