package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"bursar/bench"
)

// loadDuration is the shortest time that builds of any version measure a row for.
const loadDuration = "100ms"

// Build is a binary of bursar and the database that its commands work on.
type Build struct {
	Path        string
	DatabaseURL string
	Cells       string // further databases, as in BURSAR_CELLS; "": none
}

// Program returns a command of the build. It has this process's environment and the database.
func (b Build) Program(arguments ...string) bench.Program {
	return bench.Program{Path: b.Path, Arguments: arguments, Environment: append(os.Environ(),
		"DATABASE_URL="+b.DatabaseURL, "BURSAR_CELLS="+b.Cells, "BURSAR_ALLOW_SUPERUSER=true", "BURSAR_ADDR=127.0.0.1:0", "BURSAR_LOG_FORMAT=json", "BURSAR_LOG_LEVEL=info")}
}

// Migrate brings the database to the build's schema.
func (b Build) Migrate(ctx context.Context) error {
	_, err := b.Program("migrate", "up").Run(ctx)
	return err
}

// Serve starts bursar serve, with flags.
func (b Build) Serve(ctx context.Context, flags ...string) (*bench.Process, error) {
	return bench.Start(ctx, b.Program(append([]string{"serve"}, flags...)...))
}

// ServeOnly starts bursar serve --only, for enforcement or control, with a nice value: 0 for this process's own priority, 19 for
// the lowest.
func (b Build) ServeOnly(ctx context.Context, half string, nice int) (*bench.Process, error) {
	serve := b.Program("-n", strconv.Itoa(nice), b.Path, "serve", "--only", half)
	serve.Path = "nice"
	return bench.Start(ctx, serve)
}

// Version returns what bursar version prints.
func (b Build) Version(ctx context.Context) (string, error) {
	printed, err := b.Program("version").Run(ctx)
	return strings.TrimSpace(printed), err
}

// LoadByItself loads a number of API keys into the build's database, which must be empty, with the build's own bench command.
// The build may be of another schema than this program.
func (b Build) LoadByItself(ctx context.Context, keys int) (*bench.Data, error) {
	load := b.Program("bench", "--rows", "a", "--duration", loadDuration, "--connections", "1", "--keys", strconv.Itoa(keys))
	if _, err := load.Run(ctx); err != nil {
		return nil, err
	}
	token, err := b.Program("token", "create", "--organization", "benchmark", "--role", "GATEWAY", "--name", "compare").Run(ctx)
	if err != nil {
		return nil, err
	}
	connection, err := pgx.Connect(ctx, b.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect to the database of %s: %w", b.Path, err)
	}
	data, err := bench.TakeOver(ctx, connection, strings.TrimSpace(token))
	return data, errors.Join(err, connection.Close(ctx))
}
