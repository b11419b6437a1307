package main

import (
	"context"
	"os"

	"golang.org/x/term"

	applycommand "bursar/apply/command"
	mcpcommand "bursar/mcpserver/command"
)

// Commands that call a server with a token, as programs outside would.

type applyCommand struct {
	applycommand.Apply `embed:""`
}

// Run runs bursar apply.
func (c *applyCommand) Run(ctx context.Context, p *program) error {
	return c.Apply.Run(ctx, applycommand.Streams{In: os.Stdin, Out: p.stdout, Err: p.stderr, Interactive: term.IsTerminal(int(os.Stdin.Fd()))})
}

type mcpCommand struct {
	mcpcommand.MCP `embed:""`
}

// Run runs bursar mcp.
func (c *mcpCommand) Run(ctx context.Context, p *program) error {
	return c.MCP.Run(ctx, os.Stdin, p.stdout)
}
