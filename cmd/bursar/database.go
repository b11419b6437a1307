package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells/command"
	"bursar/db/cells/pools"
	"bursar/dev"
	"bursar/pg"
)

// databaseOrEmbedded are the flags of commands that work on DATABASE_URL or, if that is not set, on the database of bursar dev.
type databaseOrEmbedded struct {
	Database databaseFlags `embed:""`
	Embedded embeddedFlags `embed:""`
	Cells    value.Cells   `variable:"BURSAR_CELLS" placeholder:"NAME=URL,…" help:"Further databases with organizations, by the names that bursar cells add gave them, beside DATABASE_URL, which is home. Unset, there is one database."`
	Cell     []string      `placeholder:"NAME" help:"Of this cell alone, or of these; home is the database in DATABASE_URL."`
}

// AfterApply refuses a command line without DATABASE_URL when bursar dev has never run in the folder: a typing error must not
// create an empty database.
func (f *databaseOrEmbedded) AfterApply() error {
	switch {
	case f.Database.DatabaseURL != "":
		return misused(f.databases("", nil).Check())
	case len(f.Cells)+len(f.Cell) > 0:
		return &misuse{"DATABASE_URL (or --database-url) is not set: with BURSAR_CELLS or --cell it names the home of the cells"}
	}
	if _, err := os.Stat(f.Embedded.folder().Postgres()); err != nil {
		return &misuse{fmt.Sprintf("DATABASE_URL (or --database-url) is not set and bursar dev has never run in %s (--data-dir): "+
			"name one of them", f.Embedded.DataDir)}
	}
	return nil
}

// databases returns the databases of several cells.
func (f *databaseOrEmbedded) databases(name string, logger *slog.Logger) *command.Databases {
	return &command.Databases{Home: string(f.Database.DatabaseURL), Cells: f.Cells, Only: f.Cell, ApplicationName: "bursar " + name, Logger: logger}
}

// areSeveral tells whether there are several cells, or one is chosen.
func (f *databaseOrEmbedded) areSeveral() bool { return len(f.Cells)+len(f.Cell) > 0 }

// each calls use for every database, one after the other by way, with what writes lines that begin with the cell's name where there are several.
func (f *databaseOrEmbedded) each(
	ctx context.Context, p *program, name string, logger *slog.Logger, way eachWay, use func(io.Writer, *pgxpool.Pool) error,
) error {
	if !f.areSeveral() {
		return f.with(ctx, name, logger, func(pool *pgxpool.Pool) error { return use(p.stdout, pool) })
	}
	return way(f.databases(name, logger), ctx, func(cell string, pool *pgxpool.Pool) error { return use(command.Prefix(p.stdout, cell), pool) })
}

// eachWay is an order in which databases are gone through.
type eachWay func(*command.Databases, context.Context, func(string, *pgxpool.Pool) error) error

// with calls use with a pool: on the cell that --cell names, else on home. Without DATABASE_URL it connects to the server that bursar dev is running, or starts that server
// and stops it after the call.
func (f *databaseOrEmbedded) with(
	ctx context.Context, name string, logger *slog.Logger, use func(*pgxpool.Pool) error,
) (err error) {
	if len(f.Cell) > 1 {
		return &misuse{"--cell: bursar " + name + " works on one database; name one cell"}
	}
	if len(f.Cell) == 1 {
		return f.databases(name, logger).Each(ctx, func(_ string, pool *pgxpool.Pool) error { return use(pool) })
	}
	address := string(f.Database.DatabaseURL)
	if address == "" {
		server, running, err := f.embeddedServer(ctx, logger)
		if err != nil {
			return err
		}
		address = running
		if server != nil {
			defer func() { err = errors.Join(err, server.Stop()) }()
			address = server.URL()
		}
	}
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: address, ApplicationName: "bursar " + name, MaxConnections: 4})
	if err != nil {
		return err
	}
	defer pools.Close(pool, time.Second, logger)
	return use(pool)
}

// embeddedServer starts the folder's server. If it is running already, it returns nil and the URL of the server.
func (f *databaseOrEmbedded) embeddedServer(ctx context.Context, logger *slog.Logger) (*dev.PostgreSQL, string, error) {
	server, err := f.Embedded.folder().Start(ctx, logger)
	if inUse, held := errors.AsType[*pg.InUseError](err); held {
		address, err := f.Embedded.folder().RunningAddress(inUse)
		return nil, address, err
	}
	return server, "", err
}
