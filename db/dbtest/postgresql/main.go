// Command postgresql runs one throw-away PostgreSQL for the tests of many packages, so that not every test binary starts its own.
//
// It prints the server's URL, for DATABASE_URL, and runs until its standard input ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"bursar/db/dbtest"
	"bursar/db/dbtest/tempdir"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "postgresql:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	tempdir.InMemory() // else the disk has it
	server, err := dbtest.StartPostgreSQL(context.Background(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if _, err := fmt.Println(server.URL()); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-server.Done():
		return server.Err()
	}
}
