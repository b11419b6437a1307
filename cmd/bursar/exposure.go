package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"bursar/graph"
)

// exposureFlags say who may reach what of a server, and how.
type exposureFlags struct {
	Introspection    introspection    `variable:"BURSAR_INTROSPECTION" default:"tokens" placeholder:"tokens|public|off" help:"Who may ask for the GraphQL schema: callers with a valid token, everybody, or nobody."`
	CORSOrigins      origins          `name:"cors-origins" variable:"BURSAR_CORS_ORIGINS" placeholder:"ORIGINS" help:"Origins of pages on other hosts whose scripts may call the API, as https://portal.example, separated by commas; unset, none may."`
	TrustedDocuments trustedDocuments `variable:"BURSAR_TRUSTED_DOCUMENTS" placeholder:"FILE" help:"The only operations that run: a .graphql file, or a .json manifest of persisted documents as Relay, graphql-codegen or Apollo write it. Unset, any operation does."`
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
