package main

import (
	"context"
	"errors"
	"fmt"

	"bursar/bench"
	"bursar/bench/directory"
	"bursar/bench/testbed"
)

// directoryCommand measures look-ups among cells.
type directoryCommand struct {
	Build         buildFlags `embed:""`
	Cells         int        `default:"1000" placeholder:"N" help:"Cells, with home. Default: ${default}."`
	Organizations int        `default:"1000000" placeholder:"N" help:"Organizations in the directory. Default: ${default}."`
	Silent        int        `default:"10" placeholder:"N" help:"Cells that accept connections and answer nothing, in the second half of the measurements. Default: ${default}."`
	Workers       int        `default:"16" placeholder:"N" help:"Callers at the same time. Default: ${default}."`
	Connections   int        `default:"1" placeholder:"N" help:"At most, to each cell. A server has more; PostgreSQL needs some 5 MB of memory for each. Default: ${default}."`
	JSON          bool       `name:"json" help:"Print JSON instead of a table."`
}

// Help is the long text of --help.
func (directoryCommand) Help() string {
	return `Starts a PostgreSQL in the folder for temporary files, whose databases stand for all cells: each cell has connections of its own. Then it
looks organizations and access tokens up as a server does, and prints how long that took, how many questions databases were asked for it, and how many
connections were open.`
}

const (
	minSimulated = 10 // cells
	sharedBy     = 3  // databases to which cells lead
)

// AfterApply checks the flags.
func (c *directoryCommand) AfterApply() error {
	switch {
	case c.Cells < minSimulated:
		return &misuse{fmt.Sprintf("--cells: want at least %d, got %d", minSimulated, c.Cells)}
	case c.Organizations < c.Cells:
		return &misuse{fmt.Sprintf("--organizations: want at least one for each of %d cells, got %d", c.Cells, c.Organizations)}
	case c.Silent < 1 || c.Silent > c.Cells/2:
		return &misuse{fmt.Sprintf("--silent: want 1 to %d, half of the cells, got %d", c.Cells/2, c.Silent)}
	case c.Connections < 1:
		return &misuse{fmt.Sprintf("--connections: want 1 or more, got %d", c.Connections)}
	case c.Workers < 1:
		return &misuse{fmt.Sprintf("--workers: want 1 or more, got %d", c.Workers)}
	}
	return nil
}

// Run measures, and prints what was measured before a failure, too.
func (c *directoryCommand) Run(ctx context.Context, p *program) (err error) {
	path, remove, err := c.Build.binary(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	const others = 100 // connections that are none of a cell
	postgres, err := testbed.StartPostgreSQLFor(ctx, c.Build.PostgresBin, testbed.QuickSegments, c.Cells*c.Connections+others)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	config := directory.Config{
		Cells: c.Cells, Organizations: c.Organizations, Tokens: c.Cells, Silent: c.Silent, Workers: c.Workers, Connections: c.Connections, Progress: p.stderr,
		Calls: directory.DefaultCalls(), Timeout: directory.DefaultTimeout,
	}
	for i := range sharedBy + 2 { // with home and the last cell
		url, err := postgres.CreateDatabase(ctx, fmt.Sprint("cells", i))
		if err != nil {
			return err
		}
		if err := (testbed.Build{Path: path, DatabaseURL: url}).Migrate(ctx); err != nil {
			return err
		}
		switch i {
		case 0:
			config.Home = url
		case 1:
			config.Alone = url
		default:
			config.Shared = append(config.Shared, url)
		}
	}
	report, err := directory.Measure(ctx, config)
	if report == nil {
		return err
	}
	version, _, described := postgres.Describe(ctx)
	report.PostgreSQL = version
	return bench.Output(p.stdout, report, c.JSON, errors.Join(err, described))
}
