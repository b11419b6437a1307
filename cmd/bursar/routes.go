package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/adapter/envoy/listener"
	"bursar/api"
	"bursar/api/admission"
	"bursar/auth"
	"bursar/cmd/bursar/value"
	"bursar/db/standby"
	"bursar/delivery"
	"bursar/docs"
	"bursar/enforce"
	"bursar/health"
	"bursar/httpserver"
	"bursar/mail"
	"bursar/mail/resend"
	"bursar/observe"
	"bursar/observe/tracing"
	"bursar/web"
)

// The connections of one server to a database, 24 in total with that of the monitor. Enforcement has a pool of its own, so that gateways do not wait
// for portals' queries: for each of four lanes one connection for a batch of changes and two for batches of checks, two for look-ups of
// access tokens, and one for /readyz. River UI reads the jobs of all organizations, and has connections with the operator's role.
const (
	controlConnections     = 6
	enforcementConnections = 15
	operatorConnections    = 2
)

// service is everything that serve and dev serve over HTTP.
type service struct {
	only      only
	databases []*connected // home first
	placement string       // where organizations are made; see placement.New
	standbys  *standby.Set // of home; nil: none
	reads     *observe.StandbyMetrics
	rootToken value.RootToken     // "": no operator
	webhook   value.WebhookSecret // "": delivery events are refused
	metrics   metricsTokens       // that /metrics asks for
	gateway   string              // its URL, which the console shows; "": not known
	model     string              // one that the gateway has; "": not known
	outbox    *pgxpool.Pool       // with stored mail, which /outbox shows to everybody who can connect; nil: no /outbox
	enforce   enforce.Config
	exposure  exposureFlags
	logger    *slog.Logger
	traces    *tracing.Tracing       // nil: off
	share     func(*listener.Shared) // is given what is shared with services beside HTTP; nil: there are none
}

// start returns the handler of all paths. drain ends what would last as long as its client likes; no request may be in flight when stop is
// called.
func (s service) start(ctx context.Context) (handler http.Handler, drain, stop func(), err error) {
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ends := []func(){cancel} // ends what has been started, the last first
	end := func() {
		for _, each := range slices.Backward(ends) {
			each()
		}
	}
	defer func() {
		if err != nil {
			end()
		}
	}()
	home := s.databases[0]
	logins := auth.NewLogins(s.exposure.TrustedProxies.networks)
	for _, each := range s.databases {
		if s.only.servesEnforcement() {
			if err := each.OpenEnforcement(background, enforcementConnections); err != nil {
				return nil, nil, nil, err
			}
			ends = slices.Insert(ends, 0, each.CloseEnforcement) // closed after cancel
		}
	}
	jobs, err := s.jobs(background, logins)
	if err != nil {
		return nil, nil, nil, err
	}
	metrics, err := s.observe()
	if err != nil {
		return nil, nil, nil, err
	}
	s.enforce.Tracer = s.traces.Enforcement()
	set := s.set()
	if s.enforce.Observer, s.enforce.ObserverOf, err = s.observeEnforcement(metrics); err != nil {
		return nil, nil, nil, err
	}
	if s.standbys != nil {
		if err := metrics.ObserveStandbys(s.standbys, s.reads); err != nil {
			return nil, nil, nil, err
		}
		go s.standbys.Run(background)
	}
	observer, err := metrics.ObserveAPI()
	if err != nil {
		return nil, nil, nil, err
	}
	graphql := api.New(api.Config{
		Only: api.Only(s.only), Cells: set, Placement: s.placement, Pool: home.Control, Standbys: s.standbys, EnforcementPool: home.Enforcement, RootToken: string(s.rootToken), Enforce: s.enforce, Logins: logins,
		Logger: s.logger, Observer: observer, Streams: httpserver.DefaultLimits(int(s.exposure.MaxConnections)).Connections / 2,
		Introspection: api.Introspection(s.exposure.Introspection), Origins: s.exposure.CORSOrigins.list,
		WebhookNetworks: s.exposure.WebhookNetworks, TrustedDocuments: s.exposure.TrustedDocuments.documents, Issuer: s.exposure.SignIn.issuer(s.logger),
	})
	ends = append(ends, graphql.Close)
	var events http.Handler
	if s.only.servesControl() {
		if events, err = s.deliveryEvents(metrics); err != nil {
			return nil, nil, nil, err
		}
	}
	ready := s.readiness()
	if s.share != nil {
		count, err := observe.CountGRPC(metrics)
		if err != nil {
			return nil, nil, nil, err
		}
		s.share(&listener.Shared{
			Enforcer: graphql.Enforcer, Database: graphql.Deciding, Authenticate: graphql.Authenticate, Ready: ready.Ready, Observe: count,
		})
	}
	handler, err = metrics.ObserveHTTP(s.mux(graphql, jobs, ready, events, observe.RequireToken(s.metrics.list, metrics.Handler())))
	if err != nil {
		return nil, nil, nil, err
	}
	for _, each := range s.databases {
		go each.Run(background)
	}
	return httpserver.WithSecurityHeaders(s.traces.Handler(handler)), graphql.EndStreams, end, nil
}

func (s service) mux(graphql *api.Server, jobs map[string]http.Handler, ready, events, metrics http.Handler) http.Handler {
	mux, reading := http.NewServeMux(), []string{"/graphql", "POST /webhooks/resend"}
	for path := range jobs {
		reading = append(reading, path, path+"/")
	}
	if s.only.servesEnforcement() {
		for pattern, adapter := range graphql.Adapters {
			mux.Handle(pattern, adapter)
			reading = append(reading, pattern)
		}
	}
	handler := httpserver.LeaveBodies(mux, reading...)
	mux.Handle("/graphql", graphql)
	mux.HandleFunc("GET /healthz", health.ServeAlive)
	mux.Handle("GET /readyz", ready)
	mux.Handle("GET /metrics", metrics)
	if !s.only.servesControl() {
		return handler
	}
	mux.Handle("/schema.graphql", graphql.Schema)
	mux.Handle("/export/", graphql.Exports)
	mux.Handle("/events", graphql.Events)
	for path, ui := range jobs {
		mux.Handle(path, ui)
		mux.Handle(path+"/", ui)
	}
	mux.Handle("POST /webhooks/resend", events)
	mux.Handle("/docs/", docs.Handler(web.NotFound()))
	mux.Handle("/", web.Handler(s.console()))
	if s.outbox != nil {
		const refusal = "The outbox is shown under localhost or an IP address, not under other names."
		outbox := httpserver.RejectRebinding(refusal, mail.NewOutbox(delivery.ListMails(s.outbox), delivery.GetMail(s.outbox)))
		mux.Handle("/outbox", outbox)
		mux.Handle("/outbox/", outbox)
	}
	return handler
}

// console returns what the console is told before anybody has signed in.
func (s service) console() web.Config {
	return web.Config{
		Version: observe.ReadBuild().Version, Outbox: s.outbox != nil, GatewayURL: s.gateway, Model: s.model,
		Issuer: string(s.exposure.SignIn.Issuer), ClientID: s.exposure.SignIn.ConsoleClientID,
	}
}

// deliveryEvents receives Resend's delivery events. Without the secret that they are signed with, all are refused. Its refusals are delayed
// apart from those of the API, so that neither delays the other's.
func (s service) deliveryEvents(metrics *observe.Metrics) (http.Handler, error) {
	if s.webhook == "" {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor == 1 {
				w.Header().Set("Connection", "close") // so that net/http does not read the body
			}
			http.Error(w, "Delivery events are not taken: start the server with RESEND_WEBHOOK_SECRET.", http.StatusNotFound)
		}), nil
	}
	refused, err := observe.CountRefusedEvents(metrics, resend.EventRefusals())
	if err != nil {
		return nil, err
	}
	return resend.NewWebhook(resend.WebhookConfig{
		Secret: string(s.webhook), Note: delivery.NoteDelivery(s.tenants()...), Refused: refused,
		Delay: admission.NewTarpit().DelayOrAbort, AddressOf: s.exposure.TrustedProxies.networks.AddressOf, Logger: s.logger,
	})
}
