// Package pg runs a private PostgreSQL server: the one behind `bursar dev` and behind every test binary.
//
// It needs no preparation. The binaries are those of the machine, or downloaded once; the server listens on a free
// port of 127.0.0.1 under a random password; as root it runs as an unprivileged account; it ends with the program
// that started it, even when that program is killed.
//
// A kept folder holds all there is to one server, so moving or deleting it moves or deletes the server:
//
//	bursar.lock     held with flock while a program uses the folder; says who
//	cluster/        PostgreSQL's own data folder
//	password        of the role "bursar", mode 0600
//	postgresql.log  what the server wrote to its standard error
package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Config says which server to start. The zero value is invalid: name a DataDir or ask for a Temporary server.
type Config struct {
	// DataDir is the folder kept between runs. It is made when missing; a folder with other files is refused.
	// Required unless Temporary, and to be left empty then.
	DataDir string
	// Temporary asks for a throw-away server for tests: in a folder of its own below the system's temporary one,
	// without durability, removed by Stop.
	Temporary bool
	// Template is a folder that [Server.Keep] made, with the same programs. Where there is no cluster yet, the server begins with a copy
	// of its cluster, and has its password. Empty: with a new cluster.
	Template string
	// Port is where the server listens on 127.0.0.1. 0 means a free one, another with each start; name one for clients that
	// must find the server again after a restart.
	Port int
	// BinDir is the folder with initdb and postgres. Empty means: search the machine, then download.
	BinDir string
	// Settings are further server settings (postgresql.conf names), and win over the package's defaults.
	Settings map[string]string
	// Logger receives the few events of the server's life; nil discards them. The server's own log is a file.
	Logger *slog.Logger
}

// Server is a running PostgreSQL server that belongs to this program.
type Server struct {
	folder       *folder
	process      *process
	installation installation
	url          string
	logOffset    int64  // bytes of the log file that precede this server's own
	template     string // that Keep makes
	logger       *slog.Logger

	stopping chan struct{} // closed when Stop begins
	done     chan struct{} // closed when the process ended without Stop
	stop     func() error  // the body of Stop, run once
}

// Start starts a server and returns when it answers. The context bounds the start alone: once Start returned, only
// Stop or the end of this program stops the server. When Start fails nothing is left running or locked, and what
// was in the folder before is still there.
func Start(ctx context.Context, config Config) (*Server, error) {
	return newStarter().start(ctx, config)
}

// starter holds what a start takes from the machine, so that a test can put something else in its place.
type starter struct {
	search   search
	freePort func() (int, error)
	limits   stopLimits
	leaving  time.Duration // how long the server of a killed program may take to leave its folder
}

func newStarter() starter {
	return starter{search: newSearch(), freePort: freePort, limits: defaultStopLimits(), leaving: 10 * time.Second}
}

func (s starter) start(ctx context.Context, config Config) (*Server, error) {
	if err := config.validate(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Port != 0 {
		s.freePort = func() (int, error) { return config.Port, nil }
	}
	folder, err := openFolder(config)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	server, err := s.startIn(ctx, config, folder)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", errors.Join(err, folder.close()))
	}
	return server, nil
}

// startIn starts the server in a folder this program has locked.
func (s starter) startIn(ctx context.Context, config Config, folder *folder) (*Server, error) {
	began := time.Now()
	major, err := folder.clusterMajor()
	if err != nil {
		return nil, err
	}
	installation, err := s.search.find(ctx, config.BinDir, major, config.Logger)
	if err != nil {
		return nil, err
	}
	account, err := accountFor(folder.cluster())
	if err != nil {
		return nil, err
	}
	if err := account.mayExecute(installation); err != nil {
		return nil, err
	}
	password, err := s.prepareCluster(ctx, folder, installation, account, config.Template)
	if err != nil {
		return nil, err
	}
	launched, err := s.launch(ctx, launch{
		folder: folder, installation: installation, account: account, settings: config.settings(installation),
	})
	if err != nil {
		return nil, err
	}
	if err := ensureDatabase(ctx, launched.port, password); err != nil {
		return nil, errors.Join(err, launched.process.stop(s.limits))
	}
	server := &Server{
		folder: folder, process: launched.process, installation: installation, logger: config.Logger,
		url: databaseURL(launched.port, password, databaseName), logOffset: launched.logOffset,
		stopping: make(chan struct{}), done: make(chan struct{}),
	}
	server.stop = sync.OnceValue(func() error { return server.shutdown(s.limits) })
	go server.watch()
	config.Logger.Info("PostgreSQL started", "version", installation.version, "folder", folder.path,
		"port", launched.port, "pid", server.PID(), "took", time.Since(began).Round(time.Millisecond))
	return server, nil
}
