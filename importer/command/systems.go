package command

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/importer"
	"bursar/importer/litellm"
	"bursar/importer/portkey"
	"bursar/importer/store"
)

// Litellm imports from LiteLLM.
type Litellm struct {
	Files        []string `arg:"" optional:"" help:"Answers of its API and exports of its tables: .json, .jsonl and .csv files, or folders of them."`
	FromDatabase string   `variable:"LITELLM_DATABASE_URL" placeholder:"URL" help:"LiteLLM's own PostgreSQL instead, which is only read."`
	Flags        Flags    `embed:""`
}

// Help is the long text of --help.
func (Litellm) Help() string { return help }

// AfterApply checks the arguments.
func (l *Litellm) AfterApply() error {
	if (len(l.Files) > 0) == (l.FromDatabase != "") {
		return errors.New("name either files or --from-database")
	}
	return nil
}

// Run imports into an organization, or as many as there are (nil).
func (l *Litellm) Run(ctx context.Context, pool *pgxpool.Pool, organizationID *uuid.UUID, stdout, stderr io.Writer) error {
	var source *litellm.Source
	var err error
	if l.FromDatabase != "" {
		source, err = litellm.ReadDatabase(ctx, l.FromDatabase)
	} else {
		source, err = litellm.Read(l.Files)
	}
	if err != nil {
		return err
	}
	options := litellm.Options{Source: cmp.Or(l.Flags.Source, "litellm"), Calendar: l.Flags.calendar(time.Monday, false), Disable: l.Flags.DisableOnLoss}
	j := &job{Flags: &l.Flags, pool: pool, stdout: stdout, stderr: stderr, plan: func(single string) *importer.Plan {
		options.Single = single
		return litellm.Plan(source, options)
	}, secrets: func(*importer.Plan) (*store.SecretsFile, error) { return nil, nil }} //nolint:nilnil // its API keys keep their secrets
	return j.run(ctx, organizationID)
}

// Portkey imports from Portkey.
type Portkey struct {
	Files      []string `arg:"" help:"Answers of its Admin API: .json and .jsonl files, or folders of them."`
	Secrets    string   `placeholder:"FILE" help:"Secrets that API keys keep: a CSV with the columns id and secret."`
	NewSecrets string   `placeholder:"FILE" help:"Where to write the new secrets of all other API keys, as CSV; the file must not exist."`
	UsageIn    string   `enum:"dollars,cents" default:"dollars" help:"What current_usage of costs is in (dollars, cents)."`
	Flags      Flags    `embed:""`
}

// Help is the long text of --help.
func (Portkey) Help() string { return help }

// Run imports into an organization, or as many as there are (nil).
func (p *Portkey) Run(ctx context.Context, pool *pgxpool.Pool, organizationID *uuid.UUID, stdout, stderr io.Writer) error {
	source, err := portkey.Read(p.Files)
	if err != nil {
		return err
	}
	options := portkey.Options{Source: cmp.Or(p.Flags.Source, "portkey"), Calendar: p.Flags.calendar(time.Sunday, true), Disable: p.Flags.DisableOnLoss,
		UsageInCents: p.UsageIn == "cents"}
	if p.Secrets != "" {
		if options.Secrets, err = portkey.ReadSecrets(p.Secrets); err != nil {
			return err
		}
	}
	j := &job{Flags: &p.Flags, pool: pool, stdout: stdout, stderr: stderr, plan: func(single string) *importer.Plan {
		options.Single = single
		return portkey.Plan(source, options)
	}, secrets: p.newSecrets}
	return j.run(ctx, organizationID)
}

// newSecrets makes the file of new secrets, if there are some.
func (p *Portkey) newSecrets(plan *importer.Plan) (*store.SecretsFile, error) {
	switch {
	case !needsSecrets(plan):
		return nil, nil //nolint:nilnil // there are none
	case p.NewSecrets == "":
		return nil, errors.New("API keys get new secrets: --new-secrets names the file that they are written to; nothing was imported")
	}
	return store.CreateSecretsFile(p.NewSecrets)
}
