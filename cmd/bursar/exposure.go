package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"bursar/api"
	"bursar/api/document"
	"bursar/auth"
	"bursar/httpserver"
	"bursar/webhook"
)

// exposureFlags control who can reach which parts of a server, and how.
type exposureFlags struct {
	SignIn           signInFlags      `embed:""`
	Introspection    introspection    `variable:"BURSAR_INTROSPECTION" default:"tokens" placeholder:"tokens|public|off" help:"Who may ask for the GraphQL schema: callers with a valid token, everybody, or nobody."`
	CORSOrigins      origins          `name:"cors-origins" variable:"BURSAR_CORS_ORIGINS" placeholder:"ORIGINS" help:"Origins of pages on other hosts whose scripts may call the API, as https://portal.example, separated by commas; unset, none may."`
	TrustedDocuments trustedDocuments `variable:"BURSAR_TRUSTED_DOCUMENTS" placeholder:"FILE" help:"The only operations that run: a .graphql file, or a .json manifest of persisted documents as Relay, graphql-codegen or Apollo write it. Unset, any operation does."`
	TrustedProxies   proxies          `variable:"BURSAR_TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Networks of your own proxies, as 10.0.0.0/8, separated by commas: what they say in X-Forwarded-For is believed where failed logins are counted by address. Unset, nobody is."`
	WebhookNetworks  webhook.Networks `variable:"BURSAR_WEBHOOK_NETWORKS" placeholder:"NETWORKS" help:"Networks that are not public and that webhooks may be in, as 10.0.0.0/8,192.168.7.0/24; there http is allowed, too. Unset, none (bursar dev: this machine). Set it for work as well."`
	MaxConnections   connectionCount  `variable:"BURSAR_MAX_CONNECTIONS" placeholder:"N" help:"Connections that are open at the same time; beyond, the one that has waited longest for a request is closed. Default: 16384, or what the limit on open files leaves."`
	TLSCert          string           `name:"tls-cert" variable:"BURSAR_TLS_CERT" placeholder:"FILE" help:"Serve TLS with this certificate, PEM with its chain; read anew when it changes. Needs --tls-key."`
	TLSKey           string           `name:"tls-key" variable:"BURSAR_TLS_KEY" placeholder:"FILE" help:"Private key of --tls-cert, PEM."`
}

// check refuses half of a certificate, one that does not match its key, and half of a single sign-on.
func (f *exposureFlags) check() error {
	const flags = "BURSAR_TLS_CERT and BURSAR_TLS_KEY (or --tls-cert and --tls-key)"
	_, err := f.certificate(slog.New(slog.DiscardHandler))
	switch {
	case errors.Is(err, httpserver.ErrHalfCertificate):
		return &misuse{flags + " go together; one of them is not set"}
	case err != nil:
		return &misuse{flags + ": " + err.Error()}
	}
	return f.SignIn.check()
}

// certificate loads the certificate for TLS; nil when TLS is off.
func (f *exposureFlags) certificate(logger *slog.Logger) (*httpserver.Certificate, error) {
	return httpserver.LoadCertificate(f.TLSCert, f.TLSKey, logger)
}

type introspection api.Introspection

func (i *introspection) UnmarshalText(text []byte) error {
	switch mode := api.Introspection(text); mode {
	case api.IntrospectionTokens, api.IntrospectionPublic, api.IntrospectionOff:
		*i = introspection(mode)
		return nil
	}
	return fmt.Errorf("want tokens, public or off, got %q", text)
}

// only is the value of --only; "": the server answers everything.
type only api.Only

func (o *only) UnmarshalText(text []byte) error {
	switch half := api.Only(text); half {
	case api.OnlyEnforcement, api.OnlyControl:
		*o = only(half)
		return nil
	}
	return fmt.Errorf("want enforcement or control, got %q", text)
}

func (o only) servesEnforcement() bool { return api.Only(o) != api.OnlyControl }
func (o only) servesControl() bool     { return api.Only(o) != api.OnlyEnforcement }

type origins struct{ list []string }

func (o *origins) UnmarshalText(text []byte) error {
	o.list = nil
	for origin := range strings.SplitSeq(string(text), ",") {
		origin = strings.TrimSpace(origin)
		if err := http.NewCrossOriginProtection().AddTrustedOrigin(origin); err != nil || !strings.HasPrefix(origin, "http") {
			return fmt.Errorf("want origins such as https://portal.example, separated by commas, without a path, got %q", origin)
		}
		o.list = append(o.list, strings.ToLower(origin)) // as browsers send it
	}
	return nil
}

type trustedDocuments struct{ documents *document.Trusted }

func (d *trustedDocuments) UnmarshalText(text []byte) error {
	content, err := os.ReadFile(string(text))
	if err != nil {
		return err
	}
	if d.documents, err = api.NewTrustedDocuments(string(text), content); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

type proxies struct{ networks auth.Proxies }

func (p *proxies) UnmarshalText(text []byte) error {
	p.networks = nil
	for network := range strings.SplitSeq(string(text), ",") {
		network = strings.TrimSpace(network)
		prefix, err := netip.ParsePrefix(network)
		if address, addressErr := netip.ParseAddr(network); addressErr == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return fmt.Errorf("want networks such as 10.0.0.0/8 or addresses, separated by commas, got %q", network)
		}
		p.networks = append(p.networks, prefix.Masked())
	}
	return nil
}

// connectionCount is a number of connections; 0 when it was not given.
type connectionCount int

const minConnections, maxConnections = 16, 1_000_000

func (c *connectionCount) UnmarshalText(text []byte) error {
	number, err := strconv.Atoi(string(text))
	if err != nil || number < minConnections || number > maxConnections {
		return fmt.Errorf("want a number from %d to %d, got %q", minConnections, maxConnections, text)
	}
	*c = connectionCount(number)
	return nil
}
