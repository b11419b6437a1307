package pg

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Stop removes a temporary server with its files, may be called by everybody at once and again, and is no unexpected
// end: Done stays open.
func TestStopRemovesTemporaryOnce(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{Temporary: true})
	connect(t, server.URL()) // an open connection does not hold it up
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if _, err := os.Stat(server.folder.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := syscall.Kill(server.PID(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the process is still there: %v", err)
	}
	<-server.process.exited
	select {
	case <-server.Done():
		t.Error("Stop counts as an unexpected end")
	default:
	}
}

// A program that ends in order leaves a cluster that needs no recovery.
func TestStopIsCleanShutdown(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{DataDir: t.TempDir()})
	connect(t, server.URL())
	must(t, server.Stop())
	tail, err := readTail(server.LogFile(), server.logOffset)
	must(t, err)
	wantError(t, errors.New(tail), "received fast shutdown request", "database system is shut down")
}

// Stopping ends even a server that does not obey: first the one that ignores the polite signal, then the one that
// ignores the next, too.
func TestStopEndsTheDisobedient(t *testing.T) {
	t.Parallel()
	for _, limits := range []stopLimits{
		{fast: time.Millisecond, immediate: time.Minute},
		{fast: time.Millisecond, immediate: time.Millisecond},
	} {
		stubborn := command{path: "/bin/sh", arguments: []string{"-c", "trap '' INT; echo ready; exec sleep 600"}}
		if limits.immediate == time.Millisecond {
			stubborn.arguments[1] = "trap '' INT QUIT; echo ready; exec sleep 600"
		}
		reader, writer, err := os.Pipe()
		must(t, err)
		stubborn.output = writer
		p, err := stubborn.start()
		must(t, err)
		must(t, writer.Close())
		_, err = reader.Read(make([]byte, 8)) // the signals are ignored from here on
		must(t, err)
		must(t, reader.Close())
		must(t, p.stop(limits))
		<-p.exited
	}
}

// A Ctrl-C in the terminal goes to the terminal's process group, of which the server is no member.
func TestServerHasItsOwnProcessGroup(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{Temporary: true})
	group, err := syscall.Getpgid(server.PID())
	must(t, err)
	if group != server.PID() {
		t.Errorf("the server is in the process group %d", group)
	}
}
