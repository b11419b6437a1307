package main

import (
	"context"
	"fmt"

	"bursar/cmd/bursar/value"
	"bursar/observe"
)

type versionCommand struct {
	Database bool `help:"Also print the release of the PostgreSQL at DATABASE_URL, and what can be told of its time zone data."`
}

// Run prints one line, and one about the database if it is asked for.
func (c *versionCommand) Run(ctx context.Context, p *program) error {
	lines := observe.ReadBuild().String()
	if c.Database {
		address, _ := p.lookup("DATABASE_URL") // no flag's variable: without --database none needs to be right
		if new(value.DatabaseURL).UnmarshalText([]byte(address)) != nil {
			return &misuse{"--database needs DATABASE_URL, as postgres://user:password@host:port/database"}
		}
		postgreSQL, err := observe.ReadPostgreSQL(ctx, address)
		if lines += "\n" + postgreSQL; err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(p.stdout, lines)
	return err
}
