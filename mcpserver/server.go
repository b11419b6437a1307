// Package mcpserver answers agents over the Model Context Protocol: what is left of their budgets, what a call would cost, what was used, and it asks for raises. It
// asks the API with one token, so that an agent may never do more than the token may.
package mcpserver

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"bursar/apiclient"
	"bursar/auth"
)

// Config says whose the tools are.
type Config struct {
	API *apiclient.Client
	// Key is the secret of the API key that the agent itself calls models with; empty: it is not known. It is in no answer.
	Key     string
	Version string
}

const instructions = `Bursar governs what API keys may spend at LLM providers. Look with what_is_left before long or expensive work, and stop or ask for a raise when little is left.
Amounts of COST are US dollars. Budgets start again at zero at resetsAt; a rate limit's window ends there.`

// New returns a server with the tools.
func New(config Config) *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "bursar", Title: "Bursar", Version: config.Version},
		&mcp.ServerOptions{Instructions: instructions, Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}}})
	t := &tools{config: config, redact: auth.Redactor(config.Key)}
	add(server, t, &mcp.Tool{Name: "what_is_left", Title: "What is left", Description: "What is left of the budgets and rate limits that an API key's calls must pass, and whether a call would be admitted now. " +
		"Without apiKeyId: of the key that this server was started with, else of the keys that the token's member created. It reserves nothing.", Annotations: reads()}, t.whatIsLeft)
	add(server, t, &mcp.Tool{Name: "estimate_cost", Title: "What a call would cost", Description: "What a call of a model costs in US dollars, rate by rate, by the organization's prices of now.", Annotations: reads()}, t.estimateCost)
	add(server, t, &mcp.Tool{Name: "recent_usage", Title: "Recent usage", Description: "The calls that were booked last, newest first: model, tokens and cost.", Annotations: reads()}, t.recentUsage)
	add(server, t, &mcp.Tool{Name: "request_raise", Title: "Ask for a raise", Description: "Asks the owners and admins of the organization, who are mailed, to add to a budget's amount. People decide; nothing is added by this. " +
		"A request for the same budget that is open is replaced. limitId is that of a BUDGET in what_is_left.", Annotations: asks()}, t.requestRaise)
	return server
}

func reads() *mcp.ToolAnnotations {
	return &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: new(bool), OpenWorldHint: new(bool)}
}

func asks() *mcp.ToolAnnotations {
	return &mcp.ToolAnnotations{DestructiveHint: new(bool), OpenWorldHint: new(bool)}
}

// tools are the tools, of one token.
type tools struct {
	config Config
	redact func(string) string
}

// add adds a tool whose input is bounded, and whose errors are words without secrets.
func add[In interface{ bounds(*jsonschema.Schema) }, Out any](server *mcp.Server, t *tools, tool *mcp.Tool, answer func(context.Context, In) (*Out, error)) {
	schema, err := jsonschema.For[In](nil)
	if err != nil {
		panic(fmt.Sprintf("mcpserver: the input of %s: %v", tool.Name, err)) // a broken build, which every test finds
	}
	var none In
	none.bounds(schema)
	tool.InputSchema = schema
	mcp.AddTool(server, tool, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, *Out, error) {
		out, err := answer(ctx, in)
		if err != nil {
			return nil, nil, said(t.redact(words(err)))
		}
		return nil, out, nil
	})
}

// said is an error in a sentence of its own, for agents.
type said string

// Error returns the sentence.
func (s said) Error() string { return string(s) }

// words says what went wrong, to an agent and whoever reads what it does.
func words(err error) string {
	failed, ok := errors.AsType[*apiclient.Error](err)
	if !ok {
		return err.Error()
	}
	switch failed.Code {
	case apiclient.Unauthenticated:
		return "Bursar does not accept the token of this server: it is wrong, was revoked or has expired. Whoever configured the server has to give it another one."
	case apiclient.Forbidden:
		return "The token of this server may not do this: " + failed.Message
	case apiclient.NotFound:
		return "There is no such thing, or it is another organization's: " + failed.Message
	case apiclient.Unreachable:
		return "Bursar cannot be reached. Try again later."
	case "UNAVAILABLE":
		return "Bursar cannot answer now, and nothing was done. Try again later."
	case "INTERNAL", apiclient.Malformed:
		return "Bursar could not answer; its operator finds the reason in the server's log."
	}
	text := failed.Code + ": " + failed.Message
	if failed.Field != "" {
		text += " (" + failed.Field + ")"
	}
	return text
}

// length bounds texts.
func length(schema *jsonschema.Schema, least, most int, names ...string) {
	for _, name := range names {
		schema.Properties[name].MinLength, schema.Properties[name].MaxLength = &least, &most
	}
}

// between bounds numbers.
func between(schema *jsonschema.Schema, least, most float64, names ...string) {
	for _, name := range names {
		schema.Properties[name].Minimum, schema.Properties[name].Maximum = &least, &most
	}
}
