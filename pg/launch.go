package pg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// launch is a server about to be started on a cluster that exists.
type launch struct {
	folder       *folder
	installation installation
	account      account
	settings     map[string]string
}

// launched is a server that lets clients in.
type launched struct {
	process   *process
	port      int
	logOffset int64 // where its part of the log file begins
}

const (
	// launchTries bounds the tries at a port: between being found free and being used any program may take it.
	launchTries = 10
	// backendsPause is the time before another try when backends of a killed server are not gone yet.
	backendsPause = 100 * time.Millisecond
)

// launch starts the server and waits until it lets clients in. After a crash that includes the recovery, which takes
// as long as it takes: the context is the only limit.
func (s starter) launch(ctx context.Context, launch launch) (launched, error) {
	var waited time.Duration
	for try := 1; ; try++ {
		port, err := s.freePort()
		if err != nil {
			return launched{}, err
		}
		server, err := s.attempt(ctx, launch, port)
		if err == nil {
			return server, nil
		}
		if server.process == nil || ctx.Err() != nil {
			return launched{}, err
		}
		tail, tailErr := readTail(launch.folder.log(), server.logOffset)
		switch {
		case strings.Contains(tail, "could not bind") && try < launchTries:
			continue
		case strings.Contains(tail, "pre-existing shared memory block") && waited < s.leaving:
			try--
			waited += backendsPause
			select {
			case <-ctx.Done():
			case <-time.After(backendsPause):
			}
			continue
		}
		return launched{}, errors.Join(fmt.Errorf("%w; the end of %s:\n%s", err, launch.folder.log(), tail), tailErr)
	}
}

// attempt starts the server on a port. When it fails after the process was started, the process has ended and is
// part of the result.
func (s starter) attempt(ctx context.Context, launch launch, port int) (launched, error) {
	log, err := openLog(launch.folder.log())
	if err != nil {
		return launched{}, err
	}
	defer log.file.Close() // the server has its own copy of the descriptor
	route, err := launch.account.routeTo(launch.folder.cluster())
	if err != nil {
		return launched{}, err
	}
	p, err := command{
		path: launch.installation.program("postgres"),
		arguments: append([]string{
			"-D", route.path, "-p", strconv.Itoa(port),
			"-c", "listen_addresses=127.0.0.1",
			"-c", "unix_socket_directories=", // a socket's path has a short limit, and its folder would be one more to remove
			"-c", "log_destination=stderr", "-c", "logging_collector=off", "-c", "lc_messages=C",
		}, settingArguments(launch.settings)...),
		account: launch.account,
		route:   route,
		output:  log.file,
	}.start()
	if err = errors.Join(err, route.close()); err != nil {
		if p != nil {
			err = errors.Join(err, p.stop(s.limits))
		}
		return launched{}, err
	}
	server := launched{process: p, port: port, logOffset: log.offset}
	if err := awaitReady(ctx, p, launch.folder.cluster()); err != nil {
		return server, errors.Join(err, p.stop(s.limits))
	}
	return server, nil
}

// awaitReady waits until the process says in its postmaster.pid that it lets clients in. To try connecting instead
// would not tell this server from another program that took its port.
func awaitReady(ctx context.Context, p *process, cluster string) error {
	ticker := time.NewTicker(postmasterPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.exited:
			return fmt.Errorf("the server ended while starting (%s)", p.outcome())
		case <-ticker.C:
		}
		read, err := readPostmaster(cluster)
		if err != nil {
			return err
		}
		if read.pid == p.pid && read.ready {
			return nil
		}
	}
}

// freePort returns a port of the loopback interface that no program listens on at this moment.
func freePort() (int, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	address, isTCP := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil || !isTCP {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return address.Port, nil
}
