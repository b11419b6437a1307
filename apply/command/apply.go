// Package command is bursar apply at a terminal: its flags, what it asks and what it prints.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"bursar/apiclient"
	"bursar/apply"
	"bursar/apply/document"
	"bursar/demo"
)

// Server are the flags of a server that is called with a token.
type Server struct {
	URL     serverURL `name:"url" variable:"BURSAR_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"The server."`
	Token   string    `variable:"BURSAR_TOKEN" placeholder:"TOKEN" help:"Access token; better set by the variable, for flags show in process lists. Unset, that of bursar dev's demo organization."`
	DataDir string    `default:".bursar" placeholder:"FOLDER" help:"Folder of the bursar dev whose token is used."`
}

type serverURL string

// UnmarshalText reads a URL.
func (s *serverURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" || parsed.User != nil || parsed.RawQuery != "" {
		return fmt.Errorf("want http://host:port, got %q", text)
	}
	*s = serverURL(strings.TrimRight(string(text), "/"))
	return nil
}

// Client returns a client of the server.
func (s *Server) Client(connections int) (*apiclient.Client, error) {
	if s.Token == "" {
		found, err := demo.Load(s.DataDir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("--token (or BURSAR_TOKEN) is not set and bursar dev has left none in %s (--data-dir)", s.DataDir)
		}
		if err != nil {
			return nil, err
		}
		s.Token = found.AdminToken
	}
	return apiclient.New(apiclient.Config{URL: string(s.URL), Token: s.Token, Connections: connections}), nil
}

// Apply are the flags of the command.
type Apply struct {
	File           []string `short:"f" sep:"none" placeholder:"FILE|FOLDER|-" help:"What organizations are to be: files of YAML, folders of such files (*.yaml, *.yml), or standard input. May be given several times."`
	Plan           bool     `help:"Print what would change, and change nothing."`
	DetailedCode   bool     `name:"detailed-exitcode" help:"With --plan: end with 2 if there are changes, 0 if there are none, 1 after an error."`
	JSON           bool     `name:"json" help:"Print the plan as JSON."`
	Yes            bool     `help:"Do not ask, also not about API keys that were used and are to be revoked."`
	Prune          bool     `help:"Revoke the API keys and end the prices that an earlier run made under the owner of these files, and that are in none of them any more. Give all files of the owner."`
	Secrets        string   `placeholder:"FILE" help:"Append the secrets of new API keys to this file, a line of JSON each; it is made with mode 0600."`
	SecretsCommand string   `placeholder:"COMMAND" help:"Run this command of the shell for each new API key, with the line on its standard input; what it prints is dropped."`
	Parallel       int      `default:"8" placeholder:"N" help:"Changes that are made at the same time, 1 to 64."`
	Export         bool     `help:"Print the YAML of an organization that exists: applying it changes nothing."`
	Organization   string   `placeholder:"SLUG" help:"With --export and the root token: which organization."`
	Schema         bool     `help:"Print the JSON schema of the files, for editors and checks."`
	Server         Server   `embed:""`
}

// Help is the long text of --help.
func (Apply) Help() string {
	return `Prints a plan, asks, and makes organizations, workspaces, members, API keys, their limits and recipients, policies and prices what the files say, through
the API at --url. What is not given stays as it is. A run that is cut off is finished by the next one. See docs/apply.md.`
}

// Streams are where the command reads and writes.
type Streams struct {
	In          io.Reader
	Out, Err    io.Writer
	Interactive bool // somebody can be asked at In
}

// changesError says with --detailed-exitcode that there are changes.
type changesError struct{}

func (changesError) Error() string { return "there are changes" }

// ExitCode is the exit code.
func (changesError) ExitCode() int { return 2 }

// AfterApply checks the flags. With --detailed-exitcode, where 2 means that there are changes, Run does it.
func (a *Apply) AfterApply() error {
	if a.DetailedCode {
		return nil
	}
	return a.check()
}

// check returns what is wrong with the flags.
func (a *Apply) check() error {
	switch {
	case a.Schema:
		return nil
	case a.Export && len(a.File) > 0:
		return errors.New("--export prints a file, and -f reads one: give one of them")
	case !a.Export && len(a.File) == 0:
		return errors.New("-f is not given: which files?")
	case a.Parallel < 1 || a.Parallel > 64:
		return fmt.Errorf("--parallel is %d, want 1 to 64", a.Parallel)
	case a.DetailedCode && !a.Plan:
		return errors.New("--detailed-exitcode is about --plan")
	case a.Secrets != "" && a.SecretsCommand != "":
		return errors.New("--secrets and --secrets-command are given: where do secrets go?")
	case a.Organization != "" && !a.Export:
		return errors.New("--organization is about --export: files name their organizations")
	}
	return nil
}

// Run runs the command.
func (a *Apply) Run(ctx context.Context, streams Streams) error {
	if err := a.check(); err != nil {
		return err
	}
	if a.Schema {
		schema, err := document.Schema()
		if err == nil {
			_, err = fmt.Fprintf(streams.Out, "%s\n", schema)
		}
		return err
	}
	client, err := a.Server.Client(a.Parallel)
	if err != nil {
		return err
	}
	defer client.Close()
	if a.Export {
		exported, err := apply.Export(ctx, client, a.Organization)
		if err != nil {
			return err
		}
		return document.Write(streams.Out, exported)
	}
	documents, err := document.Load(a.File, streams.In)
	if err != nil {
		return a.told(streams, err)
	}
	return a.told(streams, a.apply(ctx, client, documents, streams))
}

// told prints mistakes, one a line, and returns one line about them; any other error as it is.
func (a *Apply) told(streams Streams, err error) error {
	mistakes, ok := errors.AsType[document.Mistakes](err)
	if !ok {
		return err
	}
	_, _ = fmt.Fprintln(streams.Err, mistakes.Error()) // without a stderr the exit code has to do
	if len(mistakes) == 1 {
		return errors.New("nothing was changed: the files have a mistake")
	}
	return fmt.Errorf("nothing was changed: the files have %d mistakes", len(mistakes))
}

func (a *Apply) apply(ctx context.Context, client *apiclient.Client, documents []*document.Document, streams Streams) (err error) {
	applier := &apply.Applier{API: client, Prune: a.Prune, Parallel: a.Parallel}
	switch {
	case a.Secrets != "":
		file := &apply.File{Path: a.Secrets}
		defer func() { err = errors.Join(err, file.Close()) }()
		applier.Secrets = file
	case a.SecretsCommand != "":
		applier.Secrets = &apply.Command{Line: a.SecretsCommand}
	}
	plan, err := applier.Plan(ctx, documents)
	if err != nil {
		return err
	}
	if err := applier.LastChanges(ctx, plan); err != nil {
		return err
	}
	write := plan.Print
	if a.JSON {
		write = plan.PrintJSON
	}
	if err := write(streams.Out); err != nil {
		return err
	}
	switch {
	case plan.Changes() == 0:
		return nil
	case a.Plan && a.DetailedCode:
		return changesError{}
	case a.Plan:
		return nil
	}
	if err := a.agree(plan, streams); err != nil {
		return err
	}
	shown := &progress{to: streams.Err, terminal: streams.Interactive}
	applier.Progress = shown.at
	done, err := applier.Execute(ctx, plan)
	if err != nil {
		if done > 0 {
			err = fmt.Errorf("%d of %d changes were made; apply again for the rest: %w", done, plan.Changes(), err)
		}
		return err
	}
	_, err = fmt.Fprintf(streams.Err, "%d changes were made\n", done)
	return err
}
