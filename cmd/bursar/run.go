package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"bursar/adapter/envoy/listener"
	"bursar/auth"
	"bursar/catalogue/takeover"
	"bursar/cmd/bursar/environment"
	"bursar/db/fitness"
	"bursar/move/command"
	"bursar/yamlfile"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitMisused = 2 // a flag or an environment variable is missing or bad; nothing was started
	exitUnknown = 3 // verify could not look
)

// commands is the command line.
type commands struct {
	Dev     devCommand        `cmd:"" help:"Run everything in one process, on an embedded PostgreSQL, with a demo organization."`
	Serve   serveCommand      `cmd:"" help:"Serve the API against DATABASE_URL."`
	Work    workCommand       `cmd:"" help:"Work the jobs against DATABASE_URL: alert mail, period history, roll-ups."`
	Migrate migrateCommand    `cmd:"" help:"Bring the database's schema to this binary's version, or show where it stands."`
	Verify  verifyCommand     `cmd:"" help:"Recompute every counter and roll-up from the ledger and print each difference."`
	Rollup  rollupCommand     `cmd:"" help:"Look after the roll-ups, which reports are read from."`
	Audit   auditCommand      `cmd:"" help:"Look after the audit log."`
	Cells   cellsCommand      `cmd:"" help:"Look after the databases of an installation that has several."`
	Gateway gatewayCommand    `cmd:"" help:"Run the gateway between applications and LLM providers."`
	Envoy   listener.Commands `cmd:"" help:"Try what Envoy's descriptors mean."`
	Replay  replayCommand     `cmd:"" help:"Play a recorded traffic file through a running server."`
	Bench   benchCommands     `embed:""`
	Token   tokenCommand      `cmd:"" help:"Make access tokens, and root tokens, from the shell."`
	Prices  pricesCommand     `cmd:"" help:"Import lists of prices, and export them."`
	Import  importCommand     `cmd:"" help:"Take over what LiteLLM or Portkey governs."`
	Move    command.Move      `cmd:"" help:"Move organizations between databases."`
	Schema  schemaCommand     `cmd:"" help:"Print the GraphQL schema."`
	Apply   applyCommand      `cmd:"" help:"Make organizations, API keys, limits, policies and prices what files of YAML say."`
	MCP     mcpCommand        `cmd:"" name:"mcp" help:"Answer agents over the Model Context Protocol: what is left, what a call would cost."`
	Version versionCommand    `cmd:"" help:"Print which build this is."`

	Licenses takeover.Licenses `cmd:"" help:"Print the notices of others' data in this binary."`
}

const description = `Bursar governs API keys that spend money and tokens at LLM providers.

Try it with: bursar dev`

// program is the part of the process that a command may use.
type program struct {
	stdout, stderr io.Writer
	lookup         func(string) (string, bool) // of environment variables
}

// Run runs one command and returns its exit code: 0 when it did what it was asked to, 2 when a flag or an environment
// variable is wrong, 3 when verify could not look, 1 for every other failure. A failure is one line on stderr. The end of ctx asks the command to stop: the
// servers and the replay drain and return 0, other commands fail.
func Run(ctx context.Context, arguments []string, lookup func(string) (string, bool), stdout, stderr io.Writer) int {
	helped := false
	parser, err := kong.New(&commands{},
		kong.Name("bursar"),
		kong.Description(description),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // kong exits after --help alone
		kong.Resolvers(environment.Resolver{Lookup: lookup}),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.ValueFormatter(environment.Describe),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(stdout, (*io.Writer)(nil)),
		kong.Bind(&program{stdout: stdout, stderr: stderr, lookup: lookup}),
	)
	if err != nil {
		return report(stderr, err, exitFailed)
	}
	parsed, err := parser.Parse(arguments)
	if helped {
		return exitDone
	}
	if err != nil {
		return report(stderr, environment.Explain(err), exitMisused)
	}
	err = parsed.Run()
	if coded, ok := errors.AsType[interface {
		error
		ExitCode() int
	}](err); ok {
		return coded.ExitCode() // what there is to say was printed
	}
	if err != nil {
		return report(stderr, err, exitFailed)
	}
	return exitDone
}

// unknown is an error that kept verify from looking, so that nothing is known of the books.
type unknown struct{ error }

// Unwrap returns the error.
func (u *unknown) Unwrap() error { return u.error }

// misuse is an error of the command line that concerns several flags or variables together.
type misuse struct{ reason string }

func (m *misuse) Error() string { return m.reason }

// misused returns a mistake of the command line; nil for nil.
func misused(err error) error {
	if err == nil {
		return nil
	}
	return &misuse{err.Error()}
}

// report prints an error as one line and returns the exit code that goes with it.
func report(stderr io.Writer, err error, code int) int {
	if _, blind := errors.AsType[*unknown](err); blind {
		code = exitUnknown
	}
	if _, wrong := errors.AsType[*misuse](err); wrong {
		code = exitMisused
	}
	if mistakes, wrong := errors.AsType[yamlfile.Mistakes](err); wrong {
		_, _ = fmt.Fprintln(stderr, auth.Redact(mistakes.Error())) // a line each; without a stderr the exit code has to do
		return exitMisused
	}
	if refused := fitness.Refusal(err); refused != nil {
		err = refused
	}
	line := auth.Redact(strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
	// without a stderr the exit code has to do
	_, _ = fmt.Fprintln(stderr, "bursar:", line)
	return code
}
