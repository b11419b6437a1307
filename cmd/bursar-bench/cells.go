package main

import (
	"context"
	"errors"

	"bursar/bench"
	"bursar/bench/compare"
	"bursar/bench/testbed"
)

// cellsCommand measures as compareCommand does.
type cellsCommand struct {
	Measured measuredFlags `embed:""`
}

// Help is the long text of --help.
func (cellsCommand) Help() string {
	return `Starts a PostgreSQL in the folder for temporary files, and serves two organizations out of one database, and two like them out of
two: the second is in a cell. It measures both alternately, half of the connections for each organization, and prints for each row
the ratio of the rate with two cells to that with one database. Exits 1 if an operation failed or bursar verify finds a difference.`
}

// AfterApply checks the flags.
func (c *cellsCommand) AfterApply() error { return c.Measured.check() }

// Run measures. It prints the rounds that were finished before a failure too.
func (c *cellsCommand) Run(ctx context.Context, p *program) error {
	return c.Measured.run(ctx, p, func(postgres *testbed.PostgreSQL, path string) (this, other *build, err error) {
		if this, err = c.start(ctx, p, postgres, path, "two"); err != nil {
			return nil, nil, err
		}
		if other, err = c.start(ctx, p, postgres, path, ""); err != nil {
			return nil, nil, errors.Join(err, this.server.Stop())
		}
		return this, other, nil
	})
}

// start serves two organizations out of new databases: a home and, if it has a name, a cell.
func (c *cellsCommand) start(ctx context.Context, p *program, postgres *testbed.PostgreSQL, path, cell string) (*build, error) {
	home, err := postgres.CreateDatabase(ctx, "home"+cell)
	if err != nil {
		return nil, err
	}
	of, second, name := testbed.Build{Path: path, DatabaseURL: home}, home, "one database"
	if err := of.Migrate(ctx); err != nil {
		return nil, err
	}
	if cell != "" {
		if second, err = postgres.CreateDatabase(ctx, cell); err != nil {
			return nil, err
		}
		if err := (testbed.Build{Path: path, DatabaseURL: second}).Migrate(ctx); err != nil {
			return nil, err
		}
		of.Cells, name = cell+"="+second, "two cells"
		if _, err := of.Program("cells", "add", cell).Run(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.tell("%s: loading %d keys", name, 2*c.Measured.Keys); err != nil {
		return nil, err
	}
	data := make([]*bench.Data, 2)
	for i, url := range []string{home, second} {
		if data[i], err = testbed.LoadOrganization(ctx, url, []string{"first", "second"}[i], c.Measured.Keys); err != nil {
			return nil, err
		}
	}
	server, err := of.Serve(ctx)
	if err != nil {
		return nil, err
	}
	return &build{compare.Build{
		Version: name, Server: server.URL, Data: data[0], Others: data[1:], Verify: of.Program("verify"),
	}, server}, nil
}
