package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"bursar/auth"
	"bursar/graph"
)

// exposureFlags say who may reach what of a server, and how.
type exposureFlags struct {
	Introspection    introspection    `variable:"BURSAR_INTROSPECTION" default:"tokens" placeholder:"tokens|public|off" help:"Who may ask for the GraphQL schema: callers with a valid token, everybody, or nobody."`
	CORSOrigins      origins          `name:"cors-origins" variable:"BURSAR_CORS_ORIGINS" placeholder:"ORIGINS" help:"Origins of pages on other hosts whose scripts may call the API, as https://portal.example, separated by commas; unset, none may."`
	TrustedDocuments trustedDocuments `variable:"BURSAR_TRUSTED_DOCUMENTS" placeholder:"FILE" help:"The only operations that run: a .graphql file, or a .json manifest of persisted documents as Relay, graphql-codegen or Apollo write it. Unset, any operation does."`
	TrustedProxies   proxies          `variable:"BURSAR_TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Networks of your own proxies, as 10.0.0.0/8, separated by commas: what they say in X-Forwarded-For is believed where failed logins are counted by address. Unset, nobody is."`
}

type introspection graph.Introspection

func (i *introspection) UnmarshalText(text []byte) error {
	switch mode := graph.Introspection(text); mode {
	case graph.IntrospectionTokens, graph.IntrospectionPublic, graph.IntrospectionOff:
		*i = introspection(mode)
		return nil
	}
	return fmt.Errorf("want tokens, public or off, got %q", text)
}

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

type trustedDocuments struct{ documents *graph.TrustedDocuments }

func (d *trustedDocuments) UnmarshalText(text []byte) error {
	content, err := os.ReadFile(string(text))
	if err != nil {
		return err
	}
	if d.documents, err = graph.NewTrustedDocuments(string(text), content); err != nil {
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
