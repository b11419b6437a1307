// Command bursar-bench has the measurements that are no part of the product: gateways under attack, and two builds compared in
// one run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
}

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitMisused = 2 // a flag is missing or bad; nothing was started
)

// commands is the command line.
type commands struct {
	Hostile   hostileCommand   `cmd:"" help:"Measure gateways at half of the machine's capacity, before and during an attack."`
	Compare   compareCommand   `cmd:"" help:"Measure two builds alternately in one run, and print the ratios of their rates."`
	Cells     cellsCommand     `cmd:"" help:"Measure two organizations in two cells, beside the same in one database."`
	Directory directoryCommand `cmd:"" help:"Measure how organizations and tokens are found among very many cells."`
	Gateway   gatewayCommand   `cmd:"" help:"Measure what bursar gateway adds to calls of a provider, and what other gateways do."`
	Envoy     envoyCommand     `cmd:"" help:"Measure ShouldRateLimit, beside envoyproxy/ratelimit."`
	Attack    attackCommand    `cmd:"" hidden:"" help:"Attack a server as standard input says, for bursar-bench hostile."`
}

// program holds the standard streams of a command.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// misuse is an error of the command line that concerns several flags.
type misuse struct{ reason string }

func (m *misuse) Error() string { return m.reason }

// run runs one command and returns its exit code. The end of ctx stops the command.
func run(ctx context.Context, arguments []string, p *program) int {
	helped := false
	parser, err := kong.New(&commands{},
		kong.Name("bursar-bench"),
		kong.Description("Measurements of Bursar for its developers; bursar bench has those for everybody."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(int) { helped = true }), // kong exits after --help alone
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
	)
	if err != nil {
		return report(p.stderr, err, exitFailed)
	}
	parsed, err := parser.Parse(arguments)
	if helped {
		return exitDone
	}
	if err != nil {
		return report(p.stderr, err, exitMisused)
	}
	if err := parsed.Run(); err != nil {
		return report(p.stderr, err, exitFailed)
	}
	return exitDone
}

// report prints an error as one line and returns its exit code.
func report(stderr io.Writer, err error, code int) int {
	if _, wrong := errors.AsType[*misuse](err); wrong {
		code = exitMisused
	}
	line := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	// without a stderr the exit code has to do
	_, _ = fmt.Fprintln(stderr, "bursar-bench:", line)
	return code
}
