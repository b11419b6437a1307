package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	graphapi "bursar/api"
	"bursar/auth"
	"bursar/db"
	"bursar/delivery"
	"bursar/docs"
	"bursar/enforce"
	"bursar/httpserver"
	"bursar/mail"
	"bursar/mail/resend"
	"bursar/observe"
	"bursar/observe/tracing"
	"bursar/web"
)

// The connections of one server, 22 in all. Enforcement has its own, four lanes with a batch of changes and two of checks each,
// and two for look-ups of tokens: whatever portals ask for, and however long that takes, gateways do not wait for it.
// River UI sees everybody's jobs, and has connections that act as the operator.
const (
	controlConnections     = 6
	enforcementConnections = 14
	operatorConnections    = 2
)

// api is everything that is served over HTTP, by serve and dev alike.
type api struct {
	pool      *pgxpool.Pool         // that acts as db.ServerRole
	rootToken rootToken             // "": there is no operator
	webhook   webhookSecret         // "": delivery events are refused
	jobs      *river.Client[pgx.Tx] // behind /jobs
	outbox    *pgxpool.Pool         // with the mail that was kept, shown to everybody who can connect; nil: none is shown
	enforce   enforce.Config
	exposure  exposureFlags
	logger    *slog.Logger
	traces    *tracing.Tracing // nil: off
}

// start returns the handler of all paths, which works until stop is called. No request may be served after that.
func (a api) start(ctx context.Context) (handler http.Handler, stop func(), err error) {
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	logins := auth.NewLogins(a.exposure.TrustedProxies.networks)
	jobs, err := newJobsHandler(background, a.jobs, a.rootToken, logins, a.logger)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	enforcement, err := db.Beside(background, a.pool, enforcementConnections)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	metrics, err := observe.NewMetrics(db.Confine(a.pool).Of(nil),
		map[string]*pgxpool.Pool{"control": a.pool, "enforcement": enforcement}, observe.ReadBuild(), a.logger)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	a.enforce.Tracer = a.traces.Enforcement()
	if a.enforce.Observer, err = metrics.ObserveEnforcement(); err != nil {
		cancel()
		return nil, nil, err
	}
	observer, err := metrics.ObserveAPI()
	if err != nil {
		cancel()
		return nil, nil, err
	}
	graphql := graphapi.New(graphapi.Config{
		Pool: a.pool, EnforcementPool: enforcement, RootToken: string(a.rootToken), Enforce: a.enforce, Logins: logins,
		Logger: a.logger, Observer: observer,
		Introspection: graphapi.Introspection(a.exposure.Introspection), Origins: a.exposure.CORSOrigins.list,
		TrustedDocuments: a.exposure.TrustedDocuments.documents, Issuer: a.exposure.SignIn.issuer(a.logger),
	})
	stop = func() {
		graphql.Close()
		cancel()
		closePool(enforcement, closeLimit, a.logger)
	}
	handler, err = metrics.ObserveHTTP(a.mux(graphql, jobs, metrics.Handler()))
	if err != nil {
		stop()
		return nil, nil, err
	}
	return httpserver.WithSecurityHeaders(a.traces.Handler(handler)), stop, nil
}

func (a api) mux(graphql, jobs, metrics http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/graphql", graphql)
	mux.Handle("GET /healthz", http.HandlerFunc(serveHealth))
	mux.Handle("GET /readyz", newReadiness(a.pool, a.logger))
	mux.Handle("GET /metrics", metrics)
	mux.Handle("/jobs", jobs)
	mux.Handle("/jobs/", jobs)
	mux.Handle("POST /webhooks/resend", a.deliveryEvents())
	mux.Handle("/docs/", docs.Handler())
	mux.Handle("/", web.Handler())
	if a.outbox != nil {
		const refusal = "The outbox is shown under localhost or an IP address, not under other names."
		outbox := httpserver.RejectRebinding(refusal, mail.NewOutbox(delivery.ListMails(a.outbox), delivery.GetMail(a.outbox)))
		mux.Handle("/outbox", outbox)
		mux.Handle("/outbox/", outbox)
	}
	return mux
}

// deliveryEvents takes what Resend says became of a mail. Without the secret that it signs with, nothing can be believed.
func (a api) deliveryEvents() http.Handler {
	if a.webhook == "" {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "Delivery events are not taken: start the server with RESEND_WEBHOOK_SECRET.", http.StatusNotFound)
		})
	}
	return resend.NewWebhook(string(a.webhook), delivery.NoteDelivery(db.Confine(a.pool)), a.logger)
}
