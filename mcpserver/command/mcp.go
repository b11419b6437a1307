// Package command is bursar mcp at a command line.
package command

import (
	"context"
	"errors"
	"io"
	"runtime/debug"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	applycommand "bursar/apply/command"
	"bursar/auth"
	"bursar/mcpserver"
)

// MCP are the flags of the command.
type MCP struct {
	Server applycommand.Server `embed:""`
	APIKey string              `name:"api-key" variable:"BURSAR_API_KEY" placeholder:"SECRET" help:"Secret of the API key that the agent itself calls models with: what is left is that of it. Better set by the variable, for flags show in process lists."`
}

// Help is the long text of --help.
func (MCP) Help() string {
	return `Speaks the Model Context Protocol on standard input and output, for agents that start it. Its tools tell what is left of budgets and rate limits, what a call
would cost, and what was used, and ask for a raise. It may what its token may, and nothing else. See docs/mcp.md.`
}

// maxLine is how long a message may be, in bytes.
const maxLine = 1 << 20

// Run answers until the input or ctx ends.
func (m *MCP) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	if m.APIKey != "" && !auth.IsSecret(m.APIKey, auth.APIKeyPrefix) {
		return errors.New("--api-key (or BURSAR_API_KEY) is no secret of an API key: it begins with bsr_")
	}
	client, err := m.Server.Client(0)
	if err != nil {
		return err
	}
	defer client.Close()
	version := "unknown"
	if build, ok := debug.ReadBuildInfo(); ok {
		version = build.Main.Version
	}
	server := mcpserver.New(mcpserver.Config{API: client, Key: m.APIKey, Version: version})
	err = server.Run(ctx, &mcp.IOTransport{Reader: io.NopCloser(in), Writer: nopCloser{out}, MaxLineLength: maxLine})
	if ctx.Err() != nil || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
