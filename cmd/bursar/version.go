package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"bursar/db"
	"bursar/observe"
)

type versionCommand struct {
	Database bool `help:"Also print the release of the PostgreSQL at DATABASE_URL, and what can be told of its time zone data."`
}

// Run prints one line, and one about the database if it is asked for.
func (c *versionCommand) Run(ctx context.Context, p *program) error {
	build := observe.ReadBuild()
	modified := ""
	if build.Modified {
		modified = ", modified"
	}
	_, err := fmt.Fprintf(p.stdout, "bursar %s (revision %s%s, %s)\n", build.Version, build.Revision, modified, build.GoVersion)
	if err != nil || !c.Database {
		return err
	}
	return printDatabase(ctx, p)
}

// printDatabase prints PostgreSQL's release. PostgreSQL does not say which time zone data it has: some releases are told apart by what they changed.
func printDatabase(ctx context.Context, p *program) error {
	address, _ := p.lookup("DATABASE_URL") // no flag's variable: the command without --database needs none to be right
	var where databaseURL
	if err := where.UnmarshalText([]byte(address)); address == "" || err != nil {
		return &misuse{"--database needs DATABASE_URL, as postgres://user:password@host:port/database"}
	}
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: string(where), ApplicationName: "bursar version", MaxConnections: 1})
	if err != nil {
		return err
	}
	defer pool.Close()
	release, err := db.New().GetPostgreSQLRelease(ctx, pool)
	if err != nil {
		return errors.Join(errors.New("read PostgreSQL's release"), err)
	}
	zones := "before 2024a"
	if release.TimeZoneRelease != "" {
		zones = release.TimeZoneRelease + " or later"
		if release.TimeZoneRelease != "2026b" {
			zones = release.TimeZoneRelease + " or later, without what 2026b changed"
		}
	}
	_, err = fmt.Fprintf(p.stdout, "PostgreSQL %s (time zone data %s)\n", cmp.Or(release.ServerVersion, "of no release"), zones)
	return err
}
