// Package directory measures how organizations and access tokens are found among very many cells, on one machine: each cell has connections of its own, and they
// lead to a few databases.
package directory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Config says what is measured.
type Config struct {
	Home   string   // URL of the database with the directory
	Shared []string // URLs of the databases to which most cells lead, by turns
	Alone  string   // URL of the database to which the last cell leads, and no other

	Cells         int // with home
	Organizations int // in the directory
	Tokens        int // that are looked up
	Silent        int // cells that accept connections and never answer
	Workers       int // that ask at the same time
	Connections   int // at most, to each cell

	Calls   Calls
	Timeout time.Duration // of a server for the look-up of a token

	Progress io.Writer
}

// Calls are how many of each kind are measured.
type Calls struct {
	Slow  int // of those for which all cells are asked
	Burst int // at once
	Fast  int // of what is remembered
}

// DefaultCalls take some minutes with 1,000 cells.
func DefaultCalls() Calls { return Calls{Slow: 50, Burst: 2000, Fast: 2_000_000} }

// DefaultTimeout is a server's.
const DefaultTimeout = 5 * time.Second

// Measure loads the databases and measures. What was measured before an error is in the report, too.
func Measure(ctx context.Context, c Config) (_ *Report, err error) {
	l := &load{Config: c}
	if err := l.fill(ctx); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	report := &Report{StartedAt: time.Now().UTC(), Cells: c.Cells, Organizations: c.Organizations, Silent: c.Silent, Workers: c.Workers}
	for _, silent := range []int{0, c.Silent} {
		b, err := l.connect(ctx, silent)
		if err != nil {
			return report, err
		}
		err = b.measure(ctx, report)
		b.close()
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

// pool returns a pool of a cell, as a server's.
func (c *Config) pool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return db.NewPool(ctx, db.PoolConfig{
		URL: url, ApplicationName: "bursar-bench", MaxConnections: int32(c.Connections), Role: db.ServerRole, AllowSuperuser: true, StopAbandoned: true}) //nolint:gosec // few
}

// silence is a server that accepts connections, and never says anything.
type silence struct {
	listener net.Listener
	held     chan net.Conn
}

func listen(ctx context.Context) (*silence, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &silence{listener, make(chan net.Conn, 1<<16)}
	go func() {
		defer close(s.held)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			s.held <- connection
		}
	}()
	return s, nil
}

func (s *silence) url() string {
	return "postgres://nobody@" + s.listener.Addr().String() + "/silent?sslmode=disable"
}

func (s *silence) close() error {
	err := s.listener.Close()
	for connection := range s.held {
		err = errors.Join(err, connection.Close())
	}
	return err
}
