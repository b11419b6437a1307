package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells/pools"
	"bursar/dev"
	"bursar/pg"
)

// databaseOrEmbedded are the flags of commands that work on DATABASE_URL or, if that is not set, on the database of bursar dev.
type databaseOrEmbedded struct {
	Database databaseFlags `embed:""`
	Embedded embeddedFlags `embed:""`
}

// AfterApply refuses a command line without DATABASE_URL when bursar dev has never run in the folder: a typing error must not
// create an empty database.
func (f *databaseOrEmbedded) AfterApply() error {
	if f.Database.DatabaseURL != "" {
		return nil
	}
	if _, err := os.Stat(f.Embedded.folder().Postgres()); err != nil {
		return &misuse{fmt.Sprintf("DATABASE_URL (or --database-url) is not set and bursar dev has never run in %s (--data-dir): "+
			"name one of them", f.Embedded.DataDir)}
	}
	return nil
}

// with calls use with a pool. Without DATABASE_URL it connects to the server that bursar dev is running, or starts that server
// and stops it after the call.
func (f *databaseOrEmbedded) with(
	ctx context.Context, command string, logger *slog.Logger, use func(*pgxpool.Pool) error,
) (err error) {
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
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: address, ApplicationName: "bursar " + command, MaxConnections: 4})
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
