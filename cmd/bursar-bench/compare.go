package main

import (
	"context"
	"errors"

	"bursar/bench/compare"
	"bursar/bench/testbed"
)

type compareCommand struct {
	Against  string        `required:"" placeholder:"FILE" type:"existingfile" help:"The other build of bursar, of any version."`
	Measured measuredFlags `embed:""`
}

// Help is the long text of --help.
func (compareCommand) Help() string {
	return `Starts a PostgreSQL in the folder for temporary files, and has each build load a database of its own there and serve it.
Then it measures the builds alternately, in the order this, other, other, this, and prints for each row the ratio of this
build's rate to the other's: the median, the lowest and the highest of the rounds. Exits 1 if an operation failed or bursar
verify of either build finds a difference.`
}

// AfterApply checks the flags.
func (c *compareCommand) AfterApply() error { return c.Measured.check() }

// Run compares. It prints the rounds that were finished before a failure too.
func (c *compareCommand) Run(ctx context.Context, p *program) error {
	return c.Measured.run(ctx, p, func(postgres *testbed.PostgreSQL, path string) (this, other *build, err error) {
		if this, err = c.start(ctx, p, postgres, "this", path); err != nil {
			return nil, nil, err
		}
		if other, err = c.start(ctx, p, postgres, "other", c.Against); err != nil {
			return nil, nil, errors.Join(err, this.server.Stop())
		}
		return this, other, nil
	})
}

// start has a build load and serve a new database.
func (c *compareCommand) start(ctx context.Context, p *program, postgres *testbed.PostgreSQL, name, path string) (*build, error) {
	databaseURL, err := postgres.CreateDatabase(ctx, name)
	if err != nil {
		return nil, err
	}
	of := testbed.Build{Path: path, DatabaseURL: databaseURL}
	version, err := of.Version(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.tell("%s: %s, %s: loading %d keys", name, path, version, c.Measured.Keys); err != nil {
		return nil, err
	}
	data, err := of.LoadByItself(ctx, c.Measured.Keys)
	if err != nil {
		return nil, err
	}
	server, err := of.Serve(ctx)
	if err != nil {
		return nil, err
	}
	if err := data.FindKeyField(ctx, server.URL); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return &build{compare.Build{Version: path + ", " + version, Server: server.URL, Data: data, Verify: of.Program("verify")}, server}, nil
}
